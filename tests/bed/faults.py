"""What breaks while a procedure runs, and what a resumed run makes of it:
nothing twice, nothing lost, and the step that nobody knows about named."""
import time

import oracle
from bed import said_otherwise
from people import Trouble

DEPLOYED = (
    "git.head:{git.origin} git.previous:{git.head@before} web-rebuilt"
    " web.version:=1.1.0 docker.dangling:any"
)
DEPLOY = "deploy/standard-deploy-code-changes"
RESET = "data/full-database-reset-danger"


class Fault:
    """One break: what is done to the bed, and all that was said."""

    def __init__(self, bed):
        self.bed = bed
        self.operator = bed.operator
        self.text = ""
        self.wrong = []
        self.since = 0

    # ---- the host, from outside

    def host(self, *argv):
        done = self.operator.docker("exec", self.operator.hemma, *argv)
        if done.returncode != 0:
            raise Trouble(f"{' '.join(argv)}: {done.stdout}")
        return done.stdout

    def sessions(self, signal):
        """Send SIGNAL to the processes of sshd that serve the operator."""
        self.host("pkill", f"-{signal}", "-u", "admin", "-x", "sshd")

    def database(self, signal):
        """Not by Docker, which would take the container for stopped by hand."""
        self.host("pkill", f"-{signal}", "-o", "-x", "postgres")

    def until(self, what, holds):
        end = time.monotonic() + 60
        while not holds():
            if time.monotonic() > end:
                raise Trouble(f"it did not happen: {what}")
            time.sleep(0.2)

    def until_database(self):
        ready = "docker exec shared-postgres pg_isready -q"
        self.until(
            "the database is up again",
            lambda: self.operator.docker(
                "exec", self.operator.hemma, *ready.split()
            ).returncode == 0,
        )

    def reboot(self):
        """As when somebody pulls the plug and puts it in again."""
        self.bed.agent.close()
        self.operator.docker("kill", self.operator.hemma)
        self.operator.docker("start", self.operator.hemma)
        self.until(
            "hemma is up again",
            lambda: self.operator.docker(
                "exec", self.operator.hemma, "systemctl", "is-system-running"
            ).stdout.strip() == "running",
        )
        self.until_database()

    # ---- the operator

    def begin(self, given, procedure, *options):
        self.before = self.bed.agent.arrange(given)
        self.since = int(self.host("date", "+%s"))
        return self.operator.start(
            "run", self.operator.documents["own"], procedure,
            "--ssh-config", self.operator.config, *options,
        )

    def ended(self, call, status, *patterns):
        got, text = call.end()
        self.text += text
        self.wrong += said_otherwise(got, status, text, patterns)

    def resume(self, status, *patterns, dialog=None, options=()):
        call = self.operator.start(
            "resume", "--ssh-config", self.operator.config, *options, dialog=dialog
        )
        self.ended(call, status, *patterns)

    # ---- the world

    def becomes(self, text):
        self.wrong += self.bed.settled(oracle.statements(text), self.before)

    def container(self):
        return self.host("docker", "inspect", "-f", "{{.Id}}", "skriptoteket-web")

    def counts(self, what, wanted):
        """How often Docker did WHAT to the web container since the beginning, as
        long as it was not itself begun anew."""
        # to the moment: the event may be of this very second
        now = self.host("date", "+%s.%N").strip()
        found = self.host(
            "docker", "events", "--since", str(self.since), "--until", now,
            "--filter", "container=skriptoteket-web", "--filter", f"event={what}",
        ).splitlines()
        if len(found) != wanted:
            self.wrong.append(f"{what} happened {len(found)} times, not {wanted}")


def sshd_restarted(f):
    """sshd is restarted in the middle of a deploy: sessions live on."""
    call = f.begin(["next-version"], DEPLOY, "--allow", "disrupts")
    call.wait_for("Step 1/")
    f.host("systemctl", "restart", "ssh")
    f.ended(call, 0, "3 succeeded")
    f.becomes(DEPLOYED)
    f.counts("create", 1)


def session_lost(f):
    """sshd goes away in the middle of a deploy, after the host has done it and
    before it could say so: the host is asked anew, and knows."""
    call = f.begin(["next-version"], DEPLOY, "--allow", "disrupts")
    call.wait_for("Step 1/")
    f.sessions("STOP")
    f.until("deployed", lambda: f.bed.agent.world().get("web.version") == "1.1.0")
    f.sessions("KILL")
    f.host("systemctl", "restart", "ssh")
    f.ended(call, 0, "lost the connection to hemma.*it ended there with status 0",
            "3 succeeded")
    f.becomes(DEPLOYED)
    f.counts("create", 1)


def begin_reset(f):
    """All nine steps are approved: the first two make a backup."""
    options = [
        "--allow", "disrupts", "--allow", "unknown",
        "--set-file", f"password={f.operator.folder}/admin-password",
    ]
    ids = f.operator.confirmations("own", RESET, options)
    confirm = [w for step in ("2", "3", "4") for w in ("--confirm", ids[step])]
    return f.begin([], RESET, *options, *confirm), options


RESET_DONE = (
    "db.*:any db.owner:=skriptoteket db.revision:=0002 db.users:=1 db.tools:=3"
    " db.tool_versions:=3 db.login_events:=0 db.login_events.old:=0"
    r" backups:~skriptoteket-[0-9-]{15}[.]sql:[0-9]{4,}"
)


def host_stopped(f):
    """The plug is pulled while the database is dropped; nobody knows how far
    that has come. It comes back, the operator looks, and says: again."""
    call, options = begin_reset(f)
    call.wait_for("[3/9]")
    f.database("STOP")
    call.wait_for("[4/9]")
    f.until("psql waits", lambda: "psql" in f.host("ps", "-eo", "args"))
    f.reboot()
    step = RESET + r"\.2"
    f.ended(call, 6, step)
    f.resume(6, step + ".*it may have run completely, in part or not at all",
             options=options)
    if f.bed.agent.world().get("db.users") != "1":
        f.wrong.append("the database is gone, though nobody dropped it")
    f.resume(
        0, r"\[9/9\]", r"!\[3/9\]", options=options,
        dialog="wait What is the case?\ntype r\nwait Type 'skriptoteket'\n"
        "type skriptoteket\nwait host 'hemma'\ntype hemma\nwait [6/9]\n"
        "wait host 'hemma'\ntype hemma\nwait done\n",
    )
    f.becomes(RESET_DONE + " container.*:any unit.*:any web.version:=1.0.2")
    f.counts("create", 1)


def engine_restarted(f):
    """Docker is restarted under a migration: that has failed for certain, and is
    what a resumed run begins with."""
    call, options = begin_reset(f)
    call.wait_for("[6/9]")
    f.until("started", lambda: "skriptoteket-web" in f.host("docker", "ps"))
    container = f.container()
    f.database("STOP")
    call.wait_for("[7/9]")
    f.until("alembic waits", lambda: "alembic" in f.host("ps", "-eo", "args"))
    f.host("systemctl", "--no-block", "restart", "docker")
    f.until("alembic is gone", lambda: "alembic" not in f.host("ps", "-eo", "args"))
    f.database("CONT")
    f.ended(call, 1, RESET + r"\.5.* ended with status")
    f.until_database()
    f.resume(0, r"\[9/9\]", r"!\[6/9\]", options=options)
    f.becomes(RESET_DONE + " container.*:any unit.docker.ran:any web.version:=1.0.2")
    if f.container() != container:
        f.wrong.append("the web container was made a second time")


FAULTS = sshd_restarted, session_lost, host_stopped, engine_restarted


def run(bed, fault):
    """(lines about what is wrong, what the program printed)."""
    f = Fault(bed)
    try:
        fault(f)
    except Trouble as error:
        f.wrong.append(str(error))
    return f.wrong, f.text
