"""What hemma looks like: some 140 facts, as {key: text}.

Never asks the program under test, nor sshd: Docker, PostgreSQL, systemd, git
and files are looked at by themselves.
"""
import glob
import hashlib
import os
import re
import socket
import ssl
import time

import docker
from common import (
    APP, ARTIFACTS, BACKUPS, DYNDNS, HOME, INFRASTRUCTURE, LOGINS, OBSERVABILITY,
    ORIGIN, SESSIONS, SNAPSHOTS, UNITS, VOLUMES, WEB, content, git, psql, run,
    version_in,
)


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:16]


# Counts and contents of every table, by statements that the database makes.
SERVER = "SELECT 'superuser|' || rolsuper FROM pg_roles WHERE rolname = 'skriptoteket';\n"
DATABASE = SERVER + """
SELECT 'owner|' || pg_get_userbyid(datdba) FROM pg_database
    WHERE datname = 'skriptoteket';
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
    said = psql(DATABASE, "skriptoteket", check=False)
    if not said:  # there is none: what the server knows by itself
        said = psql(SERVER, check=False)
    for line in said.splitlines():
        key, _, value = line.partition("|")
        world["db." + key] = value


def see_containers(world):
    others = []
    for c in docker.containers():
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
    world["docker.dangling"] = str(len(docker.dangling_images()))
    world["docker.networks"] = " ".join(docker.networks())
    world["docker.volumes"] = " ".join(
        sorted(name for name in os.listdir(VOLUMES) if os.path.isdir(VOLUMES + name))
    )


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
    head, _, parents = git("log", "-1", "--format=%H %P").partition(" ")
    world["git.head"] = head
    world["git.previous"] = parents.partition(" ")[0]
    _, on_branch, branch = content(APP + "/.git/HEAD").partition("ref: refs/heads/")
    world["git.branch"] = branch.strip() if on_branch else "none"
    world["git.status"] = git("status", "--short")
    world["git.origin"] = git("rev-parse", "main", folder=ORIGIN)


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
        name = "skriptoteket.hule.education"
        with socket.create_connection(("127.0.0.1", 443), timeout=3) as s:
            with context.wrap_socket(s, server_hostname=name) as tls:
                served = ssl.DER_cert_to_PEM_cert(tls.getpeercert(True))
                world["certificate.served"] = digest(served.split("-----END")[0])
    except OSError as error:
        world["certificate.served"] = str(error)


def see_rest(world):
    world["dns.record"] = content(DYNDNS).partition(" ")[0]
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
