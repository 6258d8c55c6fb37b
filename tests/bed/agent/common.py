"""What every part of the agent needs: where things are on hemma, and how to call
programs."""
import re
import shutil
import subprocess

HOME = "/home/admin"
APP = HOME + "/apps/skriptoteket"
ORIGIN = "/srv/git/skriptoteket.git"
BACKUPS = HOME + "/backups"
VOLUMES = "/var/lib/docker/volumes/"
ARTIFACTS = VOLUMES + "skriptoteket_artifacts_data/_data"
UNITS = "/etc/systemd/system/"
DYNDNS = "/var/lib/dyndns/hosts"
LOOKS = "/var/lib/bed/compose-looks"
SNAPSHOTS, LOGINS, SESSIONS = (
    f"skriptoteket-{what}-cleanup"
    for what in ("sandbox-snapshots", "login-events", "session-files")
)
ADMIN = "admin@hule.education"
ADMIN_PASSWORD = "correct horse battery"

INFRASTRUCTURE = "shared-postgres", "nginx-proxy", "acme-companion"
WEB = "skriptoteket-web"
OBSERVABILITY = "prometheus", "jaeger", "loki", "promtail", "grafana"


class Trouble(Exception):
    pass


def run(*argv, given="", check=True):
    done = subprocess.run(
        argv, input=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    if check and done.returncode != 0:
        raise Trouble(f"{' '.join(argv)}: {done.stderr.strip() or done.returncode}")
    return done.stdout


def as_admin(*argv, folder=HOME):
    return run(
        "setpriv", "--reuid=admin", "--regid=admin", "--init-groups",
        "env", f"--chdir={folder}", f"HOME={HOME}", *argv,
    )


def compose(name, *argv):
    return as_admin("docker", "compose", "-f", name, *argv, folder=APP)


def git(*argv, folder=APP, check=True):
    """Read in a repository of the admin's."""
    return run(
        "git", "-c", "safe.directory=*", "-C", folder, *argv, check=check
    ).strip()


def content(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def write(path, text, owner=None):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    if owner:
        shutil.chown(path, owner, owner)


def version_in(path):
    try:
        return re.search(r'^version = "(.*)"', content(path), re.M)[1]
    except OSError:
        return "none"


def container_pid(name):
    """Of its first process, by its control group; None when it does not run."""
    import docker

    found = docker.container(name)
    return found["State"]["Pid"] or None if found else None


def psql(statements, database="postgres", check=True):
    """In the container, but not by 'docker exec': that costs ten times more."""
    pid = container_pid("shared-postgres")
    if not pid:
        if check:
            raise Trouble("there is no database")
        return ""
    return run(
        "nsenter", "-t", str(pid), "-m", "/usr/lib/postgresql/15/bin/psql", "-U",
        "postgres", "-d", database, "-qAt", "-v", f"ON_ERROR_STOP={int(check)}",
        given=statements, check=check,
    )
