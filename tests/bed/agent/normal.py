"""Making the world as it normally is, whatever a row has left: only what is
off is repaired."""
import json
import os
import re
import shutil
import time

import given
from common import (
    ADMIN, ADMIN_PASSWORD, APP, BACKUPS, HOME, INFRASTRUCTURE, LOOKS, OBSERVABILITY,
    ORIGIN, SESSIONS, UNITS, WEB, Trouble, as_admin, compose, content, git, psql, run,
    write,
)
from given import cli, normal_files, tell_names
from see import see

NORMAL = "/var/lib/bed/normal.json"

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


class Bed:
    def __init__(self):
        self.normal = None  # the world as it was when it was made
        if os.path.exists(NORMAL):
            self.normal = json.loads(content(NORMAL))
        self.base = git("rev-parse", "bed", folder=ORIGIN)

    # Each repairs one part of WORLD when it is not normal and says whether it
    # had to.

    def containers(self, world):
        def off(names):
            return [n for n in names if world.get(f"container.{n}.state") != "running"]

        def other(name, what):
            key = f"container.{name}.{what}"
            return self.normal and world.get(key) != self.normal[key]

        done = False
        if "hule-network" not in world["docker.networks"]:
            run("docker", "network", "create", "hule-network")
        for name in INFRASTRUCTURE + OBSERVABILITY + (WEB,):
            if world.get(f"container.{name}.networks", "hule-network") != "hule-network":
                run("docker", "network", "connect", "hule-network", name)
                done = True
        if off(INFRASTRUCTURE):
            as_admin("docker", "compose", "up", "-d", folder=HOME + "/infrastructure")
            done = True
        if world.get(f"container.{WEB}.state") == "exited" and not other(WEB, "image"):
            run("docker", "start", WEB)
            done = True
        elif off([WEB]) or other(WEB, "image"):
            run("docker", "tag", "skriptoteket-web:bed", "skriptoteket-web:latest")
            compose("compose.prod.yaml", "up", "-d")
            done = True
        if off(OBSERVABILITY) or other("grafana", "level"):
            compose("compose.observability.yaml", "up", "-d")
            done = True
        return self.unused(world) or done

    def unused(self, world):
        done = False
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
            run(
                "systemctl", "disable", "-q", "--no-reload", "--now", f"{name}.timer",
                check=False,
            )
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
        if self.normal is None:
            self.wait_for_database()
            if "db.revision" not in see():
                first_time()
        for _ in range(3):
            world = see()
            parts = (
                self.home, self.containers, self.database, self.files,
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

    def arrange(self, names):
        world = self.make_normal()
        if self.normal is None:
            self.normal = world
            write(NORMAL, json.dumps(world))
        for name in names:
            getattr(given, name.replace("-", "_"))()
        return see() if names else world
