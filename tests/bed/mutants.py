#!/usr/bin/env python3
"""Break one real part of the bed after the other, and see that a row notices.

    tests/bed/mutants.py [--only PATTERN]… [--verbose]

Each mutant says that all is well and does nothing, or does what it should not.
The row must turn red because of the world, or the bed would only have tested
what is printed. Prints 'mutants: N killed, M survived'.
"""
import argparse
import fnmatch
import os
import sys

import bed as beds
import rows
from people import Trouble

WEB = "/app/src/skriptoteket"
CONTAINER = "container.skriptoteket-web"


def wrapped(program, pattern, text):
    """What the operator's session gets for PROGRAM when its words are like
    PATTERN: TEXT, a line of sh. All others get the real one."""
    path = f"/usr/local/bin/{program}"
    return (
        f"cat > {path} <<'END'\n"
        "#!/bin/sh\n"
        'case "${SSH_CONNECTION:+operator}${SUDO_USER:+operator} $*" in\n'
        f'"operator "{pattern}) {text}; exit ;;\n'
        "esac\n"
        f'exec /usr/bin/{program} "$@"\n'
        f"END\nchmod +x {path}",
        f"rm -f {path}",
    )


def edited(container, path, edit):
    """A file in a container, changed by sed."""
    inside = f"docker exec {container} sh -c"
    return (
        f"{inside} \"sed -i.was '{edit}' {path} && ! cmp -s {path}.was {path}\"",
        f'{inside} "[ ! -e {path}.was ] || mv {path}.was {path}"',
    )


def replaced(container, path, script):
    """A program in a container that is another one, of sh."""
    keep = f"docker exec -i {container} sh -c"
    return (
        f"{keep} 'mv {path} {path}.was && cat > {path} && chmod +x {path}' <<'END'\n"
        f"#!/bin/sh\n{script}\nEND",
        f"{keep} '[ ! -e {path}.was ] || mv {path}.was {path}'",
    )


def unit(name, line):
    """Another line in a unit of the host."""
    path = f"/etc/systemd/system/{name}.d"
    return (
        f"mkdir -p {path} && printf '%s\\n' '[Service]' 'ExecStart=' '{line}'"
        f" > {path}/mutant.conf && systemctl daemon-reload",
        f"rm -rf {path} && systemctl daemon-reload",
    )


STORE, CLI = f"{WEB}/store.py", f"{WEB}/cli.py"
KEEP_FILES = edited("skriptoteket-web", STORE, "s/^    shutil.rmtree(path)/    pass/")
PSQL = "/usr/lib/postgresql/15/bin/psql"

# name, the row that must notice, the fact by which it does, (break, mend)
MUTANTS = [
    ("expired-sessions-stay", "sessions-ttl", "files.sessions", KEEP_FILES),
    ("all-sessions-stay", "sessions-all", "files.sessions", KEEP_FILES),
    ("old-results-stay", "disk-artifacts", "files.runs", KEEP_FILES),
    ("rows-stay", "patterns-cli", "db.sandbox_snapshots",
     edited("skriptoteket-web", CLI, "s/DELETE FROM sandbox_snapshots WHERE/& id < 0 AND/")),
    ("too-many-rows-go", "patterns-exec", "db.login_events",
     edited("skriptoteket-web", CLI, "s/90 days/0 days/")),
    ("user-is-not-made", "bootstrap", "db.users",
     edited("skriptoteket-web", CLI,
            "s/INSERT INTO users .*RETURNING id/"
            "SELECT gen_random_uuid() WHERE %s || %s || %s IS NOT NULL/")),
    ("dump-is-empty", "backup", "backups",
     replaced("shared-postgres", "/usr/lib/postgresql/15/bin/pg_dump", "exit 0")),
    ("nothing-is-restored", "restore-empty", "db.",
     replaced("shared-postgres", PSQL,
              f'case "$*" in *-qAt*) exec {PSQL}.was "$@" ;; esac\ncat > /dev/null')),
    ("nothing-is-migrated", "migrations", "db.revision",
     replaced("skriptoteket-web", "/usr/bin/alembic", "echo 'Running upgrade 0001 -> 0002' >&2")),
    ("file-is-not-written", "snapshots-differ", "unit.sandbox-snapshots.file",
     wrapped("tee", "*", "cat > /dev/null")),
    ("timer-is-not-enabled", "snapshots-install", "unit.sandbox-snapshots.timer.enabled",
     wrapped("systemctl", "enable*", "true")),
    ("unit-does-nothing", "sessions-unit", "files.sessions",
     unit("skriptoteket-session-files-cleanup.service", "ExecStart=/bin/true")),
    ("nothing-is-restarted", "restart-web", f"{CONTAINER}.started",
     wrapped("docker", "*restart", "echo done")),
    ("too-much-is-restarted", "restart-observability", f"{CONTAINER}.started",
     wrapped("docker", "*restart",
             '/usr/bin/docker "$@"; /usr/bin/docker restart skriptoteket-web')),
    ("nothing-is-pulled", "deploy", "git.head", wrapped("git", "pull", "echo Updating")),
    ("nothing-is-built", "deploy", f"{CONTAINER}.image",
     wrapped("docker", "*--build", "echo Successfully built")),
    ("nothing-is-pruned", "disk-prune", "docker.others",
     wrapped("docker", "*prune*", "echo Total reclaimed space: 0B")),
    ("network-is-not-connected", "network-connect", f"{CONTAINER}.networks",
     wrapped("docker", "*connect*", "true")),
    ("certificate-is-the-old-one", "own-certificate-renew", "certificate.file",
     replaced("acme-companion", "/app/issue", "exit 0")),
    ("nginx-reads-nothing", "own-certificate-renew", "certificate.served",
     edited("acme-companion", "/app/force_renew", "s/reload/reopen/")),
    ("address-is-not-taken", "own-dns", "dns.record",
     ("sed -i.was 's,open(HOSTS,open(\"/dev/null\",' /usr/local/lib/bed/dyndns && systemctl restart dyndns",
      "mv /usr/local/lib/bed/dyndns.was /usr/local/lib/bed/dyndns && systemctl restart dyndns")),
    ("logs-go-on", "logs-web", "processes",
     wrapped("docker", "logs*", 'setsid /usr/bin/docker "$@" & exec /usr/bin/docker "$@"')),
    ("refused-and-done-all-the-same", "sessions-all-refused", "files.sessions",
     ("", "")),
]


def disobey(operator):
    """A program that does what it says it has refused."""
    path = f"{operator.folder}/disobedient"
    command = "docker exec skriptoteket-web rm -rf /app/.artifacts/sessions/fresh-0"
    with open(path, "w", encoding="utf-8") as file:
        file.write(f'#!/bin/sh\nssh -F {operator.config} hemma "{command}"\n'
                   f'exec {operator.program} "$@"\n')
    os.chmod(path, 0o755)
    return path


def is_killed(bed, row, fact):
    """True when ROW is red because of FACT; all that was wrong."""
    wrong, text = bed.judge(row)
    return any(line.startswith(fact) for line in wrong), wrong, text


def try_one(bed, row, fact, change):
    """Break, look, mend."""
    break_it, mend = change
    program = bed.operator.program
    bed.agent.arrange([])
    if break_it:
        status, out = bed.agent.sh(break_it)
        if status != 0:
            raise Trouble(f"it could not be broken: {out}")
    else:
        bed.operator.program = disobey(bed.operator)
    try:
        return is_killed(bed, row, fact)
    finally:
        bed.operator.program = program
        bed.agent.sh(f"{mend or ':'}; pkill -u admin -x docker; "
                     "docker exec nginx-proxy nginx -s reload")


def parse():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--only", action="append", default=[])
    p.add_argument("--verbose", action="store_true")
    return p.parse_args()


def look(bed, row, mutant):
    """(whether it was seen, a line and more to print)."""
    name, _, fact, change = mutant
    try:
        dead, wrong, text = try_one(bed, row, fact, change)
    except Trouble as error:
        dead, wrong, text = False, [str(error)], ""
    line = f"{'killed' if dead else 'SURVIVED':9}{name}  by {row.name}: {'; '.join(wrong)}"
    return dead, line + ("" if dead else "\n" + text)


def main():
    args = parse()
    all_beds = beds.beds()
    known = {row.name: row for row in rows.read()
             if row.document in all_beds[0].operator.documents}
    mutants = [m for m in MUTANTS if m[1] in known and (
        not args.only or any(fnmatch.fnmatch(m[0], p) for p in args.only))]
    seen = []

    def one(bed, mutant):
        dead, said = look(bed, known[mutant[1]], mutant)
        seen.append(dead)
        if args.verbose or not dead:
            print(said, flush=True)

    for bed in all_beds:
        bed.settle_s = 2
    beds.spread(all_beds, [lambda bed, m=m: one(bed, m) for m in mutants])
    for bed in all_beds:
        bed.agent.arrange([])
        bed.agent.close()
    killed = sum(seen)
    print(f"mutants: {killed} killed, {len(seen) - killed} survived")
    return killed != len(seen)


if __name__ == "__main__":
    sys.exit(main())
