# shellcheck shell=sh
# Images: two roots out of Debian's archive, made side by side, one run of apt
# each. One is the machine, on which the engine's own cache builds only what has
# changed; the other is what hemma's containers begin with, kept as a file.

: "${here:?}" "${BED:?}" "${BED_MIRROR:?}"

MACHINE_PACKAGES='bind9-dnsutils ca-certificates curl ddclient dbus
	dnsmasq-base docker.io docker-compose git iproute2 iptables
	libcmark0.30.2 libcmocka0 libjansson4 libpcre2-8-0 libssh-4 libutf8proc2
	libyaml-0-2 lsof openssh-client openssh-server openssl procps python3
	sudo systemd systemd-sysv'
INNER_PACKAGES='alembic ca-certificates curl nginx-light openssl postgresql-15
	python3-psycopg2'

images_have() { engine_docker image inspect "$1" > /dev/null 2>&1; }

images_key() { # packages
	echo "$BED_MIRROR bookworm $* 2" | cksum | cut -d ' ' -f 1
}

# A root with the packages $2…, as a tar file $1. It is made in memory where
# there is plenty, and nothing of it is made sure to last meanwhile.
images_root() { # file package…
	file=$1
	shift
	include=$(echo "$*" | tr -s ' \t\n' ',')
	# shellcheck disable=SC2016
	PATH="$BED/engine/usr/bin:$PATH" unshare --mount sh -c '
		mkdir -p "$BED/tmp"
		[ "$1" = no ] || mount -t tmpfs tmpfs "$BED/tmp"
		shift
		TMPDIR=$BED/tmp exec "$@"' root "$(plenty_of_memory)" \
		mmdebstrap --mode=root --variant=essential --format=tar \
		--include="$include" \
		--aptopt='APT::Install-Recommends "false"' \
		--dpkgopt=force-unsafe-io \
		--dpkgopt='path-exclude=/usr/share/doc/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*' \
		--dpkgopt='path-exclude=/usr/share/man/*' \
		--dpkgopt='path-exclude=/usr/lib/*/libLLVM*' \
		--essential-hook='mkdir "$1/etc/postgresql-common"' \
		--essential-hook='echo create_main_cluster = false > "$1/etc/postgresql-common/createcluster.conf"' \
		bookworm "$file.new" \
		"deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $BED_MIRROR bookworm main" \
		< /dev/null > "$file.log" 2>&1 || {
		tail -n 20 "$file.log" >&2
		say "there is no root $file"
		return 1
	}
	mv "$file.new" "$file"
}

images_machine() {
	# a list
	# shellcheck disable=SC2086
	key=$(images_key $MACHINE_PACKAGES)
	if ! images_have "bed-machine:$key"; then
		# shellcheck disable=SC2086
		images_root "$BED/machine.tar" $MACHINE_PACKAGES || return
		engine_docker import - "bed-machine:$key" \
			< "$BED/machine.tar" > /dev/null || return
		rm -f "$BED/machine.tar"
	fi
	engine_docker tag "bed-machine:$key" bed-machine
}

# The file that hemma's engine imports.
images_inner_file() {
	# shellcheck disable=SC2086
	echo "$BED/inner-$(images_key $INNER_PACKAGES).tar"
}

images_inner() {
	inner=$(images_inner_file)
	[ ! -e "$inner" ] || return 0
	rm -f "$BED"/inner-*
	# shellcheck disable=SC2086
	images_root "$inner" $INNER_PACKAGES
}

images_one() { # name [option…]
	name=$1
	shift
	DOCKER_BUILDKIT=0 engine_docker build --network none -t "$name" "$@" \
		-f "$here/machine/Dockerfile" "$here" > "$BED/$name.log" 2>&1 || {
		tail -n 20 "$BED/$name.log" >&2
		say "image $name was not built"
		return 1
	}
}

# What the containers begin with may still be in the making afterwards:
# images_wait.
images_build() {
	say 'images'
	images_inner &
	images_inner_pid=$!
	images_machine || fail 'there is no machine'
	images_one bed-hemma --target hemma || fail 'there is no hemma'
	images_one bed-operator --target operator || fail 'there is no operator'
}

images_wait() {
	wait "$images_inner_pid" || fail 'there is nothing for the containers'
}
