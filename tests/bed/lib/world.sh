# shellcheck shell=sh
# The home servers: containers hemma, hemma-2… with an engine inside, all of
# them alike, and an operator beside each: operator, operator-2… What a new one
# needs is made once and kept, as the image bed-ready and the volume
# ready-docker.

: "${here:?}" "${top:?}" "${BED:?}"

# The way to hemma and its keys.
world_keys() {
	mkdir -p "$BED/ssh" "$BED/hemma/agent"
	[ -e "$BED/ssh/id" ] ||
		ssh-keygen -q -t ed25519 -N '' -C bed -f "$BED/ssh/id"
	cp "$BED/ssh/id.pub" "$BED/hemma/authorized_keys"
	chmod 644 "$BED/hemma/authorized_keys"
}

# A network that leads nowhere but to this machine, on a free range of those
# for benchmarks (RFC 2544).
world_network() {
	! engine_docker network inspect bed > /dev/null 2>&1 || return 0
	for _ in 1 2 3 4 5; do
		n=$(shuf -i 1-254 -n 1)
		[ -z "$(ip route show "198.18.$n.0/24")" ] || continue
		echo "runbook-bed$n" > "$BED/bridge"
		engine_docker network create --subnet "198.18.$n.0/24" \
			-o "com.docker.network.bridge.name=runbook-bed$n" bed \
			> /dev/null && return 0
	done
	fail 'no network for it is free'
}

# The container $1 from image $2 with its engine's data in $3, a volume or a
# folder.
world_hemma() {
	hemma=$1 image=$2 volume=$3
	for _ in 1 2 3 4 5; do
		port=$(shuf -i 20000-31999 -n 1)
		names="127.$(shuf -i 1-254 -n 1).$(shuf -i 1-254 -n 1).53"
		engine_docker rm -f "$hemma" > /dev/null 2>&1 || :
		# without --privileged: not every machine has all capabilities
		if engine_docker run -d --name "$hemma" --hostname hemma \
			--network bed --dns 127.0.0.1 --cgroupns host \
			--cap-add SYS_ADMIN --cap-add NET_ADMIN \
			--cap-add SYS_PTRACE \
			--security-opt seccomp=unconfined \
			--security-opt apparmor=unconfined \
			--sysctl net.ipv4.ip_forward=1 \
			--add-host ifconfig.me:127.0.0.1 \
			--add-host skriptoteket.hule.education:127.0.0.1 \
			--add-host grafana.hemma.hule.education:127.0.0.1 \
			-v /sys/fs/cgroup:/sys/fs/cgroup:rw \
			-v "$BED/hemma:/etc/bed:ro" \
			-v "$volume:/var/lib/docker" \
			--tmpfs /run --tmpfs /run/lock --tmpfs /tmp \
			-p "127.0.0.1:$port:22" -p "$names:53:53/udp" \
			"$image" > /dev/null 2> "$BED/$hemma.log"; then
			echo "$port $names" > "$BED/run/$hemma"
			return 0
		fi
	done
	cat "$BED/$hemma.log" >&2
	fail "$hemma did not start"
}

# Until systemd has started everything, at most a minute.
world_wait() { # hemma
	n=0
	while :; do
		state=$(engine_docker exec "$1" \
			systemctl is-system-running 2> /dev/null) || :
		case $state in
		running) return 0 ;;
		degraded) break ;;
		esac
		n=$((n + 1))
		[ $n -lt 240 ] || break
		sleep 0.25
	done
	engine_docker exec "$1" systemctl --failed --no-pager >&2 || :
	engine_docker logs "$1" >&2 || :
	fail "$1 does not come up: ${state:-no answer}"
}

world_volume() { echo "$BED/data/volumes/$1/_data"; }

world_key() {
	{
		engine_docker image inspect -f '{{.Id}}' bed-hemma
		images_inner_file
	} | cksum | cut -d ' ' -f 1
}

# The image and the volume of a server that has all it needs.
world_prepare() {
	key=$(world_key)
	! images_have "bed-ready:$key" || return 0
	say 'a home server'
	world_stop
	world_keys
	world_network
	engine_docker volume rm ready-docker > /dev/null 2>&1 || :
	world_hemma hemma bed-hemma ready-docker
	world_wait hemma
	images_wait
	engine_docker exec -i hemma docker import - hule/debian:bookworm \
		< "$(images_inner_file)" > /dev/null
	engine_docker exec hemma /usr/local/lib/bed/provision \
		> "$BED/provision.log" 2>&1 || {
		tail -n 20 "$BED/provision.log" >&2
		fail 'hemma was not provisioned'
	}
	engine_docker stop -t 60 hemma > /dev/null
	engine_docker images -q bed-ready | sort -u |
		xargs -r "$BED/engine/usr/bin/docker" -H \
			"unix://$BED/run/docker.sock" rmi > /dev/null
	engine_docker commit hemma "bed-ready:$key" > /dev/null
	engine_docker rm hemma > /dev/null
}

world_ssh() { # hemma
	end=${1#hemma}
	read -r port names < "$BED/run/$1"
	engine_docker exec "$1" cat /etc/ssh/ssh_host_ed25519_key.pub |
		while read -r type blob _; do
			echo "[127.0.0.1]:$port $type $blob"
		done > "$BED/ssh/known_hosts$end"
	cat > "$BED/ssh/config$end" <<- END
		Host hemma hemma-local
		    HostName 127.0.0.1
		    Port $port
		    User admin
		    IdentityFile $BED/ssh/id
		    IdentitiesOnly yes
		    UserKnownHostsFile $BED/ssh/known_hosts$end
		    GlobalKnownHostsFile /dev/null
		    StrictHostKeyChecking yes
	END
}

# The operator's machine: this one's network, files of its own, and this tree
# to read.
world_operator() { # hemma
	read -r _ names < "$BED/run/$1"
	engine_docker run -d --name "operator${1#hemma}" --hostname operator \
		--network host --init --cap-add SYS_PTRACE \
		--add-host "pdns1.registrar-servers.com:$names" \
		-v "$top:$top:ro" -v "$BED:$BED" \
		bed-operator > /dev/null
}

# The home servers that are wanted.
world_each() {
	echo hemma
	seq -f 'hemma-%g' 2 "$BED_WORLDS"
}

# What a home server's engine keeps: in memory where there is plenty, as it does
# not outlive the bed. The engine of the bed is the one to see it.
world_data() { # hemma
	data=$BED/worlds/$1
	nsenter -m -t "$(engine_pid)" sh -c '
		mkdir -p "$2"
		[ "$1" = no ] || mount -t tmpfs -o mode=711 tmpfs "$2"
		cp -a "$3/." "$2/"' data "$(plenty_of_memory)" "$data" \
		"$(world_volume ready-docker)"
	echo "$data"
}

world_one() { # hemma
	world_hemma "$1" "bed-ready:$(world_key)" "$(world_data "$1")"
	world_wait "$1"
	world_ssh "$1"
	world_operator "$1"
}

world_start() {
	world_prepare
	missing=
	for name in $(world_each); do
		engine_docker inspect "operator${name#hemma}" \
			> /dev/null 2>&1 || missing=yes
	done
	[ -n "$missing" ] || return 0
	say 'starting'
	world_stop
	world_keys
	world_network
	pids=
	for name in $(world_each); do
		world_one "$name" &
		pids="$pids $!"
	done
	for pid in $pids; do
		wait "$pid" || fail 'not all of them have started'
	done
}

# They are thrown away: nothing in them is given time to end well.
world_stop() {
	engine_docker ps -aq --filter 'name=^/(hemma|operator)(-[0-9]+)?$' |
		xargs -r "$BED/engine/usr/bin/docker" \
			-H "unix://$BED/run/docker.sock" rm -f > /dev/null 2>&1 || :
	if pid=$(engine_pid); then
		nsenter -m -t "$pid" sh -c '
			for data in "$1"/worlds/*; do
				umount "$data"
			done' stop "$BED" 2> /dev/null || :
	fi
	rm -rf "$BED/worlds"
	if engine_docker network rm bed > /dev/null 2>&1 &&
		[ -s "$BED/bridge" ]; then
		mv "$BED/bridge" "$BED/bridge.was"
	fi
	rm -f "$BED/run"/hemma*
}

world_tell() {
	cat <<- END
		hemma is up. By hand:
		  build/runbook run runbooks/home-server.md daily-ops/quick-status-check --ssh-config $BED/ssh/config
	END
}

world_env() {
	engine_pid > /dev/null || fail 'there is none; make bed-up'
	# what looks from within is that of the tree as it is now
	cp "$here"/agent/*.py "$BED/hemma/agent/"
	echo "BED=$BED"
	echo "DOCKER=$BED/engine/usr/bin/docker -H unix://$BED/run/docker.sock"
	for name in "$BED/run"/hemma*; do
		echo "${name##*/}=$BED/ssh/config${name##*/hemma}"
	done
}
