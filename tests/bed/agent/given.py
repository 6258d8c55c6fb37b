"""How a world can begin otherwise than normally: one function for each name that
the column 'given' of procedures.tsv may hold."""
import os
import re
import shutil
import signal
import time

from common import (
    APP, ARTIFACTS, BACKUPS, DYNDNS, LOGINS, LOOKS, ORIGIN, SESSIONS, SNAPSHOTS, UNITS,
    WEB, Trouble, as_admin, compose, content, psql, run, write,
)

STAMPS = "/var/lib/systemd/timers/stamp-"


def cli(*argv):
    return run(
        "docker", "exec", "-e", "PYTHONPATH=/app/src", WEB, "pdm", "run", "python",
        "-m", "skriptoteket.cli", *argv,
    )


def make_folder(path, age_s, files):
    os.makedirs(path, exist_ok=True)
    for name, text in files.items():
        write(f"{path}/{name}", text)
    then = time.time() - age_s
    os.utime(path, (then, then))


def normal_files():
    for what in "sessions", "runs":
        shutil.rmtree(f"{ARTIFACTS}/{what}", ignore_errors=True)
    for n in range(3):
        make_folder(f"{ARTIFACTS}/sessions/fresh-{n}", 60, {"in.txt": "x" * 100, "out.txt": "y" * 50})
    for n in range(2):
        make_folder(f"{ARTIFACTS}/runs/new-{n}", 60, {"result.json": "{}"})
        make_folder(f"{ARTIFACTS}/runs/old-{n}", 40 * 86400, {"result.json": "{}"})


def tell_names(address):
    write(DYNDNS, f"{address} skriptoteket.hule.education\n")
    with open("/run/dnsmasq.pid", encoding="ascii") as file:
        os.kill(int(file.read()), signal.SIGHUP)


def expired_sessions():
    for n in range(2):
        make_folder(f"{ARTIFACTS}/sessions/expired-{n}", 2 * 86400, {"in.txt": "z"})


def no_sessions():
    shutil.rmtree(f"{ARTIFACTS}/sessions")


def session_unit_ran():
    run("systemctl", "start", SESSIONS)


def web_down():
    run("docker", "stop", WEB)


def probe():
    """A line in nginx's log."""
    run("curl", "-s", "https://skriptoteket.hule.education/probe")


def failed_query():
    """A line in PostgreSQL's log."""
    psql("SELECT no_such_column", check=False)


def no_tools():
    psql("DELETE FROM tool_versions; DELETE FROM tools", "skriptoteket")


def detached():
    as_admin("git", "checkout", "-q", "HEAD~1", folder=APP)


def units_installed(difference=""):
    """Both pairs, as the document has them but for DIFFERENCE."""
    for name, what, when in (
        (SNAPSHOTS, "sandbox snapshot cleanup", "hourly"),
        (LOGINS, "login events cleanup", "daily"),
    ):
        docker = "snap.docker.dockerd.service"
        call = name.removeprefix("skriptoteket-").removesuffix("-cleanup")
        write(
            f"{UNITS}{name}.service",
            f"[Unit]\nDescription=Skriptoteket {what}{difference}\n"
            f"Requires={docker}\nAfter={docker}\n\n[Service]\nType=oneshot\n"
            "ExecStart=/snap/bin/docker exec -e PYTHONPATH=/app/src"
            f" {WEB} pdm run python -m skriptoteket.cli cleanup-{call}\n",
        )
        write(
            f"{UNITS}{name}.timer",
            f"[Unit]\nDescription=Run {what} {when}\n\n[Timer]\n"
            f"OnCalendar={when}\nPersistent=true\n\n"
            "[Install]\nWantedBy=timers.target\n",
        )
    run("systemctl", "daemon-reload")


def units_differ():
    units_installed(" of yesterday")
def web_off_network():
    run("docker", "network", "disconnect", "hule-network", WEB)


def page_fails():
    """The application has answered with an error, and said so in its log; while it
    starts, it is nginx that answers."""
    for _ in range(100):
        status = run(
            "curl", "-s", "-o", "/dev/null", "-w", "%{http_code}",
            "https://skriptoteket.hule.education/", check=False,
        )
        if status == "500":
            return
        time.sleep(0.1)
    raise Trouble(f"a page without tables gives {status}")


def no_tables():
    psql("DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION skriptoteket", "skriptoteket")
    page_fails()


def old_tables():
    """One revision behind."""
    psql(
        "DROP TABLE sandbox_snapshots, tool_versions, tools;"
        "UPDATE alembic_version SET version_num = '0001'",
        "skriptoteket",
    )


def unused_things():
    run("docker", "run", "--name", "left-over", "--network", "none", "hule/python:bookworm", "true")
    run("docker", "network", "create", "left-over")
    run("docker", "build", "-q", "-", given="FROM hule/python:bookworm\nLABEL left=over\n")


def next_version(migration=False):
    """The origin is one commit ahead of what is deployed."""
    folder = "/var/lib/bed/author"
    shutil.rmtree(folder, ignore_errors=True)
    run("install", "-d", "-o", "admin", "-g", "admin", folder)
    as_admin("git", "clone", "-q", ORIGIN, folder)
    if migration:
        run("cp", "-r", "/usr/local/share/bed/app-next/.", folder)
        run("chown", "-R", "admin:", folder)
    path = folder + "/pyproject.toml"
    write(path, re.sub('(?m)^version = .*', 'version = "1.1.0"', content(path)))
    script = folder + "/src/skriptoteket/script_bank/count_words.py"
    write(script, content(script) + "# of the next version\n")
    as_admin("git", "add", "-A", folder=folder)
    as_admin("git", "commit", "-qm", "skriptoteket 1.1.0", folder=folder)
    as_admin("git", "push", "-q", "origin", "main", folder=folder)


def next_version_with_migration():
    next_version(True)


def next_version_running():
    """Deployed already: what a rollback goes back from."""
    next_version()
    as_admin("git", "pull", "-q", folder=APP)
    compose("compose.prod.yaml", "up", "-d", "--build")


def backups_folder():
    run("install", "-d", "-o", "admin", "-g", "admin", BACKUPS)


def backup():
    """Of an earlier day, of the normal database."""
    backups_folder()
    as_admin(
        "sh", "-c",
        f"docker exec shared-postgres pg_dump -U postgres skriptoteket > {BACKUPS}/skriptoteket-20260101.sql",
    )


def lost_rows():
    psql("DELETE FROM tool_versions; DELETE FROM tools; DELETE FROM users", "skriptoteket")


def empty_database():
    psql("DROP DATABASE skriptoteket WITH (FORCE); CREATE DATABASE skriptoteket OWNER skriptoteket")


def no_database():
    psql("DROP DATABASE skriptoteket WITH (FORCE)")


def old_address():
    """As it was before the line got another one; nobody told yet."""
    run("systemctl", "stop", "ddclient")
    tell_names("203.0.113.99")


def compose_looks():
    write(LOOKS, "")


def superuser():
    psql("ALTER ROLE skriptoteket SUPERUSER")


def log_level():
    write(APP + "/.env", content(APP + "/.env") + "GF_LOG_LEVEL=debug\n")


def missed_hour():
    """The timers should have fired when the machine was off."""
    for name in SNAPSHOTS, LOGINS:
        write(f"{STAMPS}{name}.timer", "")
        then = time.time() - 3 * 86400
        os.utime(f"{STAMPS}{name}.timer", (then, then))


def observability_down():
    compose("compose.observability.yaml", "down")


def ddclient_stopped():
    run("systemctl", "stop", "ddclient")
