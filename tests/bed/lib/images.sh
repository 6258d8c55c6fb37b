# shellcheck shell=sh
# Images: a base out of Debian's archive, on it a machine and what its
# containers begin with. The engine's own cache builds only what has changed.

: "${here:?}" "${BED:?}" "${BED_MIRROR:?}"

images_have() { engine_docker image inspect "$1" > /dev/null 2>&1; }

# The base, by what goes into it.
images_base() {
	packages=ca-certificates
	key=$(echo "$BED_MIRROR bookworm $packages 1" | cksum | cut -d ' ' -f 1)
	if ! images_have "bed-base:$key"; then
		say 'unpacking Debian'
		root="$BED/root"
		rm -rf "$root"
		DEBOOTSTRAP_DIR="$BED/engine/usr/share/debootstrap" \
			"$BED/engine/usr/sbin/debootstrap" --variant=minbase \
			--include="$packages" bookworm "$root" "$BED_MIRROR" \
			> "$BED/debootstrap.log" 2>&1 || {
			tail -n 20 "$BED/debootstrap.log" >&2
			fail 'there is no base'
		}
		# nobody reads in there, and nothing of it must last
		cat > "$root/etc/dpkg/dpkg.cfg.d/bed" <<- END
			path-exclude=/usr/share/doc/*
			path-exclude=/usr/share/locale/*
			path-exclude=/usr/share/man/*
			force-unsafe-io
		END
		rm -rf "$root"/var/cache/apt/archives/*.deb \
			"$root"/usr/share/doc/* "$root"/usr/share/locale/*
		tar -C "$root" -c . | engine_docker import - "bed-base:$key" \
			> /dev/null
		rm -rf "$root"
	fi
	engine_docker tag "bed-base:$key" bed-base
}

images_one() { # name folder [option…]
	name=$1 folder=$2
	shift 2
	DOCKER_BUILDKIT=0 engine_docker build --network host -t "$name" "$@" \
		"$folder" > "$BED/$name.log" 2>&1 || {
		tail -n 20 "$BED/$name.log" >&2
		say "image $name was not built"
		return 1
	}
}

images_build() {
	images_base
	say 'images'
	images_one bed-inner "$here/inner" &
	images_one bed-hemma "$here" -f "$here/machine/Dockerfile" ||
		fail 'there is no machine'
	images_one bed-operator "$here" -f "$here/machine/Dockerfile" \
		--target operator || fail 'there is no operator'
	wait $! || fail 'there is nothing for the containers'
}
