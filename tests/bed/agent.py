"""What the bed looks like, and how to make it look otherwise. Runs as root on
hemma, one JSON request a line on standard input, one answer a line:

    {"do": "world"}                     what is the case, as {key: text}
    {"do": "arrange", "given": [NAME…]} make it normal, then as the names say
    {"do": "sh", "text": TEXT}          what TEXT prints, and its status

Never asks the program under test, nor sshd: Docker, PostgreSQL, systemd, git
and files are looked at by themselves.
"""
import glob
import hashlib
import json
import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
import time

HOME = "/home/admin"
APP = HOME + "/apps/skriptoteket"
ORIGIN = "/srv/git/skriptoteket.git"
BACKUPS = HOME + "/backups"
VOLUMES = "/var/lib/docker/volumes/"
ARTIFACTS = VOLUMES + "skriptoteket_artifacts_data/_data"
UNITS = "/etc/systemd/system/"
STAMPS = "/var/lib/systemd/timers/stamp-"
DYNDNS = "/var/lib/dyndns/hosts"
NORMAL = "/var/lib/bed/normal.json"
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


def psql(statements, database="postgres", check=True):
    return run(
        "docker", "exec", "-i", "shared-postgres", "psql", "-U", "postgres", "-d",
        database, "-qAt", "-v", f"ON_ERROR_STOP={int(check)}", given=statements,
        check=check,
    )


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def content(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def write(path, text, owner=None):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    if owner:
        shutil.chown(path, owner, owner)


# ---- what is the case ----------------------------------------------------------

# Counts and contents of every table, by statements that the database makes.
DATABASE = """
SELECT 'owner|' || pg_get_userbyid(datdba) FROM pg_database
    WHERE datname = 'skriptoteket';
SELECT 'superuser|' || rolsuper FROM pg_roles WHERE rolname = 'skriptoteket';
\\c skriptoteket
SELECT format('SELECT %L, count(*) FROM %I', tablename, tablename),
    format('SELECT %L, md5(coalesce(string_agg(t::text, chr(10) ORDER BY '
           't::text), '''')) FROM %I t', tablename || '.content', tablename)
    FROM pg_tables WHERE schemaname = 'public' \\gexec
SELECT 'SELECT ''revision'', version_num FROM alembic_version'
    FROM pg_tables WHERE tablename = 'alembic_version' \\gexec
SELECT 'SELECT ''login_events.old'', count(*) FROM login_events
    WHERE created_at < now() - interval ''90 days'''
    FROM pg_tables WHERE tablename = 'login_events' \\gexec
SELECT 'SELECT ''sandbox_snapshots.expired'', count(*) FROM sandbox_snapshots
    WHERE expires_at < now()'
    FROM pg_tables WHERE tablename = 'sandbox_snapshots' \\gexec
"""


def see_database(world):
    for line in psql(DATABASE, check=False).splitlines():
        key, _, value = line.partition("|")
        world["db." + key] = value


def see_containers(world):
    names = run("docker", "ps", "-aq").split()
    # one that has gone meanwhile is left out
    found = json.loads(run("docker", "inspect", *names, check=False)) if names else []
    others = []
    for c in found:
        name, state = c["Name"][1:], c["State"]
        if name not in (*INFRASTRUCTURE, WEB, *OBSERVABILITY):
            others.append(name)
            continue
        key = f"container.{name}."
        world[key + "state"] = state["Status"]
        world[key + "id"] = c["Id"][:12]
        world[key + "started"] = state["StartedAt"]
        world[key + "image"] = c["Image"][7:19]
        world[key + "networks"] = " ".join(sorted(c["NetworkSettings"]["Networks"]))
        world[key + "level"] = " ".join(
            e[13:] for e in c["Config"]["Env"] if e.startswith("GF_LOG_LEVEL=")
        )
        if name == WEB and state["Running"]:
            project = c["GraphDriver"]["Data"]["MergedDir"] + "/app/pyproject.toml"
            world["web.version"] = version_in(project)
    world["docker.others"] = " ".join(sorted(others))
    world["docker.dangling"] = str(
        len(run("docker", "images", "-qf", "dangling=true").split())
    )
    world["docker.networks"] = " ".join(
        sorted(run("docker", "network", "ls", "--format", "{{.Name}}").split())
    )
    world["docker.volumes"] = " ".join(
        sorted(name for name in os.listdir(VOLUMES) if os.path.isdir(VOLUMES + name))
    )


def version_in(path):
    try:
        return re.search(r'^version = "(.*)"', content(path), re.M)[1]
    except OSError:
        return "none"


def see_files(world):
    now = time.time()
    for what, age in ("sessions", 86400), ("runs", 30 * 86400):
        top = f"{ARTIFACTS}/{what}"
        folders = sorted(os.listdir(top)) if os.path.isdir(top) else []
        old = [f for f in folders if now - os.stat(f"{top}/{f}").st_mtime > age]
        world["files." + what] = str(len(folders))
        world[f"files.{what}.old"] = str(len(old))
        world[f"files.{what}.names"] = digest(" ".join(folders))
    world["home"] = " ".join(
        sorted(
            os.path.relpath(path, HOME)
            for pattern in ("/*", "/apps/*", "/infrastructure/*")
            for path in glob.glob(HOME + pattern)
            if path != BACKUPS
        )
    )
    world["backups"] = "none"
    if os.path.isdir(BACKUPS):
        world["backups"] = " ".join(
            f"{name}:{os.path.getsize(BACKUPS + '/' + name)}"
            for name in sorted(os.listdir(BACKUPS))
        )


def see_repository(world):
    def git(*argv):
        return run("git", "-c", "safe.directory=*", "-C", APP, *argv, check=False).strip()

    world["git.head"] = git("rev-parse", "HEAD")
    world["git.previous"] = git("rev-parse", "HEAD~1")
    world["git.branch"] = git("symbolic-ref", "-q", "--short", "HEAD") or "none"
    world["git.status"] = git("status", "--short")
    world["git.origin"] = run(
        "git", "-c", "safe.directory=*", "-C", ORIGIN, "rev-parse", "main"
    ).strip()


PROPERTIES = (
    "Id ActiveState UnitFileState NeedDaemonReload Result ExecMainStartTimestampMonotonic"
    " LastTriggerUSec"
).split()


def see_units(world):
    names = [SNAPSHOTS, LOGINS, SESSIONS]
    units = [n + kind for n in names for kind in (".service", ".timer")]
    units += ["ddclient.service", "docker.service"]
    shown = run("systemctl", "show", "-p", ",".join(PROPERTIES), *units)
    for block in shown.strip().split("\n\n"):
        p = dict(line.split("=", 1) for line in block.splitlines())
        key = "unit." + p["Id"].replace("skriptoteket-", "").replace("-cleanup", "")
        key = key.replace(".service", "")
        world[key + ".active"] = p["ActiveState"]
        world[key + ".enabled"] = p["UnitFileState"] or "no"
        world[key + ".reload"] = p["NeedDaemonReload"]
        if "ExecMainStartTimestampMonotonic" in p:
            world[key + ".ran"] = p["ExecMainStartTimestampMonotonic"]
            world[key + ".result"] = p["Result"]
        if "LastTriggerUSec" in p:
            world[key + ".fired"] = p["LastTriggerUSec"]
    for unit in units[:4]:
        key = "unit." + unit.replace("skriptoteket-", "").replace("-cleanup", "")
        path = UNITS + unit
        key = key.replace(".service", "") + ".file"
        world[key] = digest(content(path)) if os.path.exists(path) else "none"


def see_certificate(world):
    files = VOLUMES + "infrastructure_certs/_data/skriptoteket.hule.education/"
    kept = content(files + "fullchain.pem").split("-----END")[0]
    world["certificate.file"] = digest(kept)
    world["certificate.served"] = "none"
    context = ssl.create_default_context(cafile=HOME + "/infrastructure/ca/ca.pem")
    try:
        import socket

        name = "skriptoteket.hule.education"
        with socket.create_connection(("127.0.0.1", 443), timeout=3) as s:
            with context.wrap_socket(s, server_hostname=name) as tls:
                served = ssl.DER_cert_to_PEM_cert(tls.getpeercert(True))
                world["certificate.served"] = digest(served.split("-----END")[0])
    except OSError as error:
        world["certificate.served"] = str(error)


def see_rest(world):
    world["dns.record"] = content(DYNDNS).split()[0]
    # what a session over ssh left running
    left = []
    for path in glob.glob("/proc/[0-9]*"):
        try:
            words = content(path + "/cmdline").split("\0")[:-1]
            if os.stat(path).st_uid == os.stat(HOME).st_uid and words:
                left.append(" ".join(words))
        except OSError:
            continue
    world["processes"] = "; ".join(
        sorted(p for p in left if not re.match(r"sshd:|.*systemd --user|\(sd-pam\)", p))
    )


def see():
    world = {}
    for part in (
        see_database, see_containers, see_files, see_repository, see_units,
        see_certificate, see_rest,
    ):
        part(world)
    return world


# ---- as it normally is ---------------------------------------------------------

# Old rows of both kinds are always there: the timers that delete them are not
# installed.
ROWS = f"""
INSERT INTO login_events (email, created_at)
    SELECT '{ADMIN}', now() - n * interval '1 day' FROM generate_series(1, 5) n;
INSERT INTO login_events (email, created_at)
    SELECT '{ADMIN}', now() - n * interval '40 days' FROM generate_series(3, 6) n;
INSERT INTO sandbox_snapshots (slug, expires_at)
    SELECT 'count-words', now() + n * interval '5 hours' FROM generate_series(1, 4) n;
INSERT INTO sandbox_snapshots (slug, expires_at)
    SELECT 'sort-lines', now() - n * interval '5 hours' FROM generate_series(1, 3) n;
"""


def cli(*argv):
    return run(
        "docker", "exec", "-e", "PYTHONPATH=/app/src", WEB, "pdm", "run", "python",
        "-m", "skriptoteket.cli", *argv,
    )


def from_template(new, old):
    psql(
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{old}';"
        f"DROP DATABASE IF EXISTS {new} WITH (FORCE);"
        f"CREATE DATABASE {new} TEMPLATE {old} OWNER skriptoteket;"
    )


def first_time():
    """Rows are made relative to now, hence anew for each bed."""
    run("docker", "exec", WEB, "pdm", "run", "db-upgrade")
    cli("bootstrap-superuser", "--email", ADMIN, "--password", ADMIN_PASSWORD)
    cli("seed-script-bank", "--actor-email", ADMIN, "--actor-password", ADMIN_PASSWORD)
    psql(ROWS, "skriptoteket")
    from_template("bed_normal", "skriptoteket")
    normal_files()


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


class Bed:
    def __init__(self):
        self.normal = None  # the world as it was when it was made
        if os.path.exists(NORMAL):
            self.normal = json.loads(content(NORMAL))
        self.base = run("git", "-c", "safe.directory=*", "-C", ORIGIN, "rev-parse", "main").strip()

    # Each repairs one part of WORLD when it is not normal and says whether it
    # had to.

    def containers(self, world):
        def off(names):
            return [
                n for n in names
                if world.get(f"container.{n}.state") != "running"
                or world[f"container.{n}.networks"] != "hule-network"
            ]

        done = False
        if "hule-network" not in world["docker.networks"]:
            run("docker", "network", "create", "hule-network")
        if off(INFRASTRUCTURE):
            as_admin("docker", "compose", "up", "-d", "--force-recreate", folder=HOME + "/infrastructure")
            done = True
        if off([WEB]) or (self.normal and world[f"container.{WEB}.image"] != self.normal[f"container.{WEB}.image"]):
            run("docker", "tag", "skriptoteket-web:bed", "skriptoteket-web:latest")
            compose("compose.prod.yaml", "up", "-d", "--force-recreate")
            done = True
        if off(OBSERVABILITY) or world["container.grafana.level"] != "info":
            compose("compose.observability.yaml", "up", "-d", "--force-recreate")
            done = True
        if world["docker.others"]:
            run("docker", "rm", "-f", *world["docker.others"].split())
            done = True
        if world["docker.dangling"] != "0":
            run("docker", "image", "prune", "-f")
            done = True
        for name in world["docker.networks"].split():
            if name not in ("bridge", "host", "none", "hule-network"):
                run("docker", "network", "rm", name)
                done = True
        return done

    def database(self, world):
        if world.get("db.superuser") != "false":
            psql("ALTER ROLE skriptoteket NOSUPERUSER")
        keys = [k for k in self.normal or {} if k.startswith("db.")]
        if keys and all(world.get(k) == self.normal[k] for k in keys):
            return False
        if "db.owner" not in world or keys:
            from_template("skriptoteket", "bed_normal")
        return True

    def files(self, world):
        if self.normal and all(
            world[k] == self.normal[k] for k in world if k.startswith("files.")
        ):
            return False
        normal_files()
        return True

    def home(self, world):
        done = False
        if world["backups"] != "none":
            shutil.rmtree(BACKUPS)
            done = True
        for name in set(world["home"].split()) - set((self.normal or world)["home"].split()):
            run("rm", "-rf", f"{HOME}/{name}")
            done = True
        if os.path.exists(LOOKS):
            os.unlink(LOOKS)
        env = content(APP + "/.env")
        if "GF_LOG_LEVEL" in env:
            write(APP + "/.env", re.sub("GF_LOG_LEVEL.*\n", "", env))
            done = True
        return done

    def repository(self, world):
        if (
            world["git.head"] == world["git.origin"] == self.base
            and world["git.branch"] == "main"
            and not world["git.status"]
        ):
            return False
        as_admin("git", "-C", ORIGIN, "update-ref", "refs/heads/main", self.base)
        as_admin("git", "checkout", "-qfB", "main", self.base, folder=APP)
        as_admin("git", "fetch", "-q", "origin", "+main:refs/remotes/origin/main", folder=APP)
        as_admin("git", "branch", "-q", "-u", "origin/main", folder=APP)
        as_admin("git", "clean", "-fdq", folder=APP)
        return True

    def units(self, world):
        done = False
        for unit in "sandbox-snapshots", "login-events":
            name = f"skriptoteket-{unit}-cleanup"
            there = [k for k in ("", ".timer") if world[f"unit.{unit}{k}.file"] != "none"]
            if not there and world[f"unit.{unit}.timer.enabled"] == "no":
                continue
            run("systemctl", "disable", "-q", "--now", f"{name}.timer", check=False)
            for kind in ".service", ".timer":
                if os.path.exists(UNITS + name + kind):
                    os.unlink(UNITS + name + kind)
            done = True
        if done:
            run("systemctl", "daemon-reload")
            run("systemctl", "reset-failed")
        if world["unit.session-files.timer.active"] != "active":
            run("systemctl", "start", f"{SESSIONS}.timer")
            done = True
        if world["unit.ddclient.active"] != "active":
            run("systemctl", "start", "ddclient")
            done = True
        return done

    def names(self, world):
        if world["dns.record"] == "203.0.113.1":
            return False
        tell_names("203.0.113.1")
        return True

    def processes(self, world):
        if not world["processes"]:
            return False
        raise Trouble(f"left running: {world['processes']}")

    def make_normal(self):
        self.wait_for_database()
        if self.normal is None and "db.revision" not in see():
            first_time()
        for _ in range(3):
            world = see()
            parts = (
                self.containers, self.database, self.files, self.home,
                self.repository, self.units, self.names,
            )
            # a list: each of them is to be done
            if not any([part(world) for part in parts]):
                return world
            self.wait_for_database()
            if self.normal is None:
                return see()
        raise Trouble("the bed does not become normal")

    def wait_for_database(self):
        for n in range(100):
            if psql("SELECT 1", check=False).strip() == "1":
                return
            if n == 10:
                run("docker", "start", "shared-postgres")
            time.sleep(0.2)
        raise Trouble("there is no database")

    def arrange(self, given):
        world = self.make_normal()
        if self.normal is None:
            self.normal = world
            write(NORMAL, json.dumps(world))
        for name in given:
            getattr(Given, name.replace("-", "_"))()
        return see() if given else world


# ---- what rows begin with --------------------------------------------------------


class Given:
    @staticmethod
    def expired_sessions():
        for n in range(2):
            make_folder(f"{ARTIFACTS}/sessions/expired-{n}", 2 * 86400, {"in.txt": "z"})

    @staticmethod
    def no_sessions():
        shutil.rmtree(f"{ARTIFACTS}/sessions")

    @staticmethod
    def session_unit_ran():
        run("systemctl", "start", SESSIONS)

    @staticmethod
    def web_down():
        run("docker", "stop", WEB)

    @staticmethod
    def probe():
        """A line in nginx's log."""
        run("curl", "-s", "https://skriptoteket.hule.education/probe")

    @staticmethod
    def no_tools():
        psql("DELETE FROM tool_versions; DELETE FROM tools", "skriptoteket")

    @staticmethod
    def detached():
        as_admin("git", "checkout", "-q", "HEAD~1", folder=APP)

    @staticmethod
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

    @staticmethod
    def units_differ():
        Given.units_installed(" of yesterday")
    @staticmethod
    def web_off_network():
        run("docker", "network", "disconnect", "hule-network", WEB)

    @staticmethod
    def no_tables():
        psql("DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION skriptoteket", "skriptoteket")
        run("curl", "-s", "https://skriptoteket.hule.education/")

    @staticmethod
    def old_tables():
        """One revision behind."""
        psql(
            "DROP TABLE sandbox_snapshots, tool_versions, tools;"
            "UPDATE alembic_version SET version_num = '0001'",
            "skriptoteket",
        )

    @staticmethod
    def unused_things():
        run("docker", "run", "--name", "left-over", "--network", "none", "hule/python:bookworm", "true")
        run("docker", "network", "create", "left-over")
        run("docker", "build", "-q", "-", given="FROM hule/python:bookworm\nLABEL left=over\n")

    @staticmethod
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

    @staticmethod
    def next_version_with_migration():
        Given.next_version(True)

    @staticmethod
    def next_version_running():
        """Deployed already: what a rollback goes back from."""
        Given.next_version()
        as_admin("git", "pull", "-q", folder=APP)
        compose("compose.prod.yaml", "up", "-d", "--build")

    @staticmethod
    def backups_folder():
        run("install", "-d", "-o", "admin", "-g", "admin", BACKUPS)

    @staticmethod
    def backup():
        """Of an earlier day, of the normal database."""
        Given.backups_folder()
        as_admin(
            "sh", "-c",
            f"docker exec shared-postgres pg_dump -U postgres skriptoteket > {BACKUPS}/skriptoteket-20260101.sql",
        )

    @staticmethod
    def lost_rows():
        psql("DELETE FROM tool_versions; DELETE FROM tools; DELETE FROM users", "skriptoteket")

    @staticmethod
    def empty_database():
        psql("DROP DATABASE skriptoteket WITH (FORCE); CREATE DATABASE skriptoteket OWNER skriptoteket")

    @staticmethod
    def no_database():
        psql("DROP DATABASE skriptoteket WITH (FORCE)")

    @staticmethod
    def old_address():
        """As it was before the line got another one; nobody told yet."""
        run("systemctl", "stop", "ddclient")
        tell_names("203.0.113.99")

    @staticmethod
    def compose_looks():
        write(LOOKS, "")

    @staticmethod
    def superuser():
        psql("ALTER ROLE skriptoteket SUPERUSER")

    @staticmethod
    def log_level():
        write(APP + "/.env", content(APP + "/.env") + "GF_LOG_LEVEL=debug\n")

    @staticmethod
    def missed_hour():
        """The timers should have fired when the machine was off."""
        for name in SNAPSHOTS, LOGINS:
            write(f"{STAMPS}{name}.timer", "")
            then = time.time() - 3 * 86400
            os.utime(f"{STAMPS}{name}.timer", (then, then))

    @staticmethod
    def observability_down():
        compose("compose.observability.yaml", "down")

    @staticmethod
    def ddclient_stopped():
        run("systemctl", "stop", "ddclient")


def answer(bed, request):
    if request["do"] == "world":
        return see()
    if request["do"] == "arrange":
        return bed.arrange(request["given"])
    done = subprocess.run(
        ["sh", "-c", request["text"]], stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )
    return {"out": done.stdout, "status": done.returncode}


def main():
    bed = Bed()
    for line in sys.stdin:
        try:
            said = answer(bed, json.loads(line))
        except (Trouble, OSError, KeyError, AttributeError) as error:
            said = {"trouble": f"{type(error).__name__}: {error}"}
        print(json.dumps(said), flush=True)


main()
