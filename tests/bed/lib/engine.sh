# shellcheck shell=sh
# An engine of the bed's own: Debian's packages unpacked below $BED/engine,
# its data in $BED/data, its sockets in a short folder that $BED/run names.
#
# It stands apart (lib/enter), makes no rule of a packet filter, and is stopped
# by its pid.

: "${here:?}" "${BED:?}" "${BED_MIRROR:?}"

ENGINE_PACKAGES='docker.io containerd runc tini libdevmapper1.02.1 mmdebstrap'

# apt on lists and a cache of its own.
engine_apt() {
	apt="$BED/apt"
	mkdir -p "$apt/lists/partial" "$apt/archives/partial" "$apt/parts"
	echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]" \
		"$BED_MIRROR bookworm main" > "$apt/sources.list"
	: > "$apt/status"
	apt-get -qq -o Dir::Etc::sourcelist="$apt/sources.list" \
		-o Dir::Etc::sourceparts="$apt/parts" \
		-o Dir::Etc::preferencesparts="$apt/parts" \
		-o Dir::State::lists="$apt/lists" \
		-o Dir::State::status="$apt/status" -o Dir::Cache="$apt" \
		-o APT::Sandbox::User=root "$@"
}

# The programs, fetched once.
engine_fetch() {
	stamp="$BED/engine/$(echo "$ENGINE_PACKAGES" | cksum | tr ' ' -)"
	[ ! -e "$stamp" ] || return 0
	say 'fetching the engine'
	rm -rf "$BED/engine" "$BED/debs"
	mkdir -p "$BED/engine" "$BED/debs"
	engine_apt update
	(
		cd "$BED/debs" || exit
		# a list
		# shellcheck disable=SC2086
		engine_apt download $ENGINE_PACKAGES
	)
	for deb in "$BED"/debs/*.deb; do
		dpkg-deb -x "$deb" "$BED/engine"
	done
	rm -rf "$BED/debs" "$BED/apt"
	: > "$stamp"
}

# yes when there are 4 GiB to be had, no otherwise.
plenty_of_memory() {
	limit=$(cat /sys/fs/cgroup/memory/memory.limit_in_bytes 2> /dev/null)
	awk -v limit="${limit:-0}" '$1 == "MemAvailable:" {
		if (limit > 0 && limit / 1024 < $2)
			$2 = limit / 1024
		print ($2 >= 4 * 1024 * 1024 ? "yes" : "no")
	}' /proc/meminfo
}

engine_pid() {
	[ -s "$BED/run/docker.pid" ] || return 1
	pid=$(cat "$BED/run/docker.pid")
	# a pid that is another's by now is left alone
	tr '\0' ' ' < "/proc/$pid/cmdline" 2> /dev/null |
		grep -qF -- "--data-root $BED/data" && echo "$pid"
}

engine_docker() {
	"$BED/engine/usr/bin/docker" -H "unix://$BED/run/docker.sock" "$@"
}

engine_answers() {
	engine_docker version > /dev/null 2>&1
}

# Folders that the engine insists on; it finds empty ones there. Those that the
# machine did not have are remembered.
engine_hidden='/run/docker /run/containerd'

engine_start() {
	engine_fetch
	if engine_pid > /dev/null; then
		return 0
	fi
	engine_clear
	run=$(mktemp -d "${TMPDIR:-/tmp}/runbook-bed.XXXXXX")
	ln -sfn "$run" "$BED/run"
	basename "$run" > "$BED/name"
	for folder in $engine_hidden; do
		[ -e "$folder" ] || {
			mkdir "$folder"
			echo "$folder" >> "$run/made"
		}
	done
	programs="$BED/engine/usr/bin:$BED/engine/usr/sbin"
	libraries=$(dirname "$(find "$BED/engine" -name 'libdevmapper.so.*' |
		head -n 1)")
	env -i PATH="$programs:/usr/sbin:/usr/bin:/sbin:/bin" HOME="$run" \
		LD_LIBRARY_PATH="$libraries" \
		setsid sh "$here/lib/enter" "$(basename "$run")" \
		"$BED/engine/usr/sbin/dockerd" \
		--data-root "$BED/data" --exec-root "$run/exec" \
		-H "unix://$run/docker.sock" --pidfile "$run/docker.pid" \
		--bridge none --iptables=false --ip6tables=false \
		--ip-forward=false --ip-masq=false \
		< /dev/null > "$BED/engine.log" 2>&1 &
	n=0
	until engine_answers; do
		n=$((n + 1))
		if [ $n -gt 150 ] || ! kill -0 $! 2> /dev/null; then
			tail -n 20 "$BED/engine.log" >&2
			engine_stop
			fail 'the engine did not start'
		fi
		sleep 0.2
	done
}

# Take away what an engine that is no more has left.
engine_clear() {
	run=$(readlink "$BED/run") || return 0
	name=$(basename "$run")
	for tree in /sys/fs/cgroup/*/"$name"; do
		[ ! -d "$tree" ] ||
			find "$tree" -depth -type d -exec rmdir {} +
	done
	if [ -s "$BED/bridge" ]; then
		# it is the engine that takes it away, when it can
		ip link delete "$(cat "$BED/bridge")" 2> /dev/null || :
		mv "$BED/bridge" "$BED/bridge.was"
	fi
	if [ -s "$run/made" ]; then
		while read -r folder; do
			rmdir "$folder" 2> /dev/null || :
		done < "$run/made"
	fi
	rm -rf "$run"
	rm -f "$BED/run"
}

engine_stop() {
	if pid=$(engine_pid); then
		if engine_answers; then
			world_stop
		fi
		kill "$pid"
		n=0
		while [ -d "/proc/$pid" ] &&
			! grep -q '^State:.Z' "/proc/$pid/status"; do
			n=$((n + 1))
			[ $n -lt 300 ] || kill -KILL "$pid"
			sleep 0.1
		done
	fi
	engine_clear
}

# What there is of the newest engine outside of $BED: processes, mounts, its
# bridge, control groups, its folder. One line each.
engine_left() {
	name=$(cat "$BED/name" 2> /dev/null) || return 0
	for process in /proc/[0-9]*; do
		words=$({ tr '\0' ' ' < "$process/cmdline"; } 2> /dev/null) ||
			continue
		case $words in
		*"$BED/engine/"* | *containerd*"$name"*)
			echo "process ${process#/proc/}: $words"
			;;
		esac
	done
	grep -E "$name| $BED/" /proc/mounts || :
	for path in "/sys/class/net/$(cat "$BED/bridge.was" 2> /dev/null)" \
		/sys/fs/cgroup/*/"$name" "${TMPDIR:-/tmp}/$name"; do
		[ "$path" = /sys/class/net/ ] || [ ! -e "$path" ] ||
			echo "$path"
	done
}
