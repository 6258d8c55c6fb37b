# For scripts that run procedures: `. "$TESTS/script/stable.sh"`.

# What the digests of approvals and the words to type depend on.
PLACE=$(pwd -P)
MACHINE=$(hostname | sed 's/[.].*//')

# What changes from run to run, made the same: ids, times, keys, paths.
stable() {
	sed -e 's/runbook resume [0-9a-f]\{8\}/runbook resume RUN/' \
		-e 's/runbook accept [0-9a-f]\{8\}/runbook accept RUN/' \
		-e 's/ run [0-9a-f]\{8\} / run RUN /' \
		-e 's/(process [0-9]*)/(process PID)/' \
		-e 's/ to [a-z]*@127.0.0.1 port [0-9]*/ to USER@127.0.0.1 port PORT/' \
		-e 's/kill -TERM -- -[0-9]*/kill -TERM -- -PID/' \
		-e 's/ run [0-9a-f]\{8\}$/ run RUN/' \
		-e 's|/runs/[0-9a-f]\{16\}/|/runs/RUN/|g' \
		-e "s|${SSH_CONFIG:-/nowhere}|\$SSH_CONFIG|g" \
		-e "s|${SSH_CONFIG%/*}|SSHD|g" \
		-e "s|${TEST_DATA:-/nowhere}|\$TEST_DATA|g" \
		-e "s|${HOST:-/nowhere}|\$HOST|g" \
		-e "s|$HOME|\$HOME|g" \
		-e "s|$PLACE|\$PWD|g" \
		-e "s|'$MACHINE'|'MACHINE'|g" \
		-e 's/@[0-9a-f]\{12\}/@HASH/g' \
		-e 's|: line \([0-9]*\): *[0-9]* Killed *|: line \1: PID Killed |' \
		-e 's|(process [0-9]*)|(process PID)|'\
		-e "s| as $(id -un):| as USER:|" \
		-e 's/Socket error: [A-Za-z]*\( [A-Za-z]*\)*/Socket error: …/' \
		-e 's/SHA256:[A-Za-z0-9+/]*/SHA256:KEY/' \
		-e 's/[0-9]\{4\}-[0-9][0-9]-[0-9][0-9]T[0-9:.]*\(Z\|[+-][0-9]\{4\}\)\{0,1\}/TIME/' \
		-e 's/ [0-9][0-9.]*s$/ SECONDS/'
}

# runbook with output that is the same each time.
r() {
	runbook "$@" > "$TMPDIR/out" 2> "$TMPDIR/err"
	status=$?
	stable < "$TMPDIR/out"
	stable < "$TMPDIR/err" >&2
	return $status
}

# Likewise at a terminal; the dialog comes on standard input.
t() {
	TERM=xterm terminal runbook "$@" > "$TMPDIR/out" 2> "$TMPDIR/err"
	status=$?
	stable < "$TMPDIR/out"
	stable < "$TMPDIR/err" >&2
	return $status
}

# fake NAME…: programs on the host that write down how they were called.
fake() {
	for name; do
		cat > "$HOST/bin/$name" <<-'END'
			#!/bin/sh
			{
				printf '%s' "${0##*/}"
				[ $# -eq 0 ] || printf ' [%s]' "$@"
				echo
			} >> "$HOME/calls"
			[ ! -e "$HOME/say" ] || sh "$HOME/say" "${0##*/}" "$@"
		END
		chmod +x "$HOST/bin/$name"
	done
}

# What was called since the last time.
calls() {
	[ ! -e "$HOST/home/calls" ] || cat "$HOST/home/calls"
	rm -f "$HOST/home/calls"
}
