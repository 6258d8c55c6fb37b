"""Who is at the bed: the agent that looks at hemma from within, and the
operator, who calls the program from another machine."""
import json
import os
import signal
import subprocess
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
DATA = os.environ.get("TEST_DATA", os.path.join(TOP, "../shared/data"))
CALL_S = 120
DIALOG_S = 30  # what does not come at a terminal by then does not come

# What stands in the files that '--set-file NAME=@FILE' names.
SECRETS = {
    "admin-password": "correct horse battery",
    "new-password": "s3cret-of-the-bed",
}


class Trouble(Exception):
    """The bed itself is not as it should be."""


def environment():
    """What 'bed env' says, or the end of everything."""
    said = subprocess.run(
        ["sh", os.path.join(HERE, "bed"), "env"], stdout=subprocess.PIPE, text=True
    )
    if said.returncode != 0:
        raise SystemExit(said.returncode)
    return dict(line.split("=", 1) for line in said.stdout.splitlines())


def hemmas(env):
    """The names of the home servers that are up."""
    return sorted(name for name in env if name.startswith("hemma"))


class Agent:
    """agent/ on HEMMA, over a pipe."""

    def __init__(self, env, hemma):
        self.command = [
            *env["DOCKER"].split(), "exec", "-i", hemma, "python3", "-B",
            "/etc/bed/agent/main.py",
        ]
        self.process = None

    def ask(self, **request):
        if not self.process:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                text=True, bufsize=1,
            )
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            answer = self.process.stdout.readline()
        except OSError as error:
            raise Trouble(f"agent: {error}") from error
        if not answer:
            raise Trouble("the agent is gone")
        said = json.loads(answer)
        if "trouble" in said:
            raise Trouble(said["trouble"])
        return said

    def world(self):
        return self.ask(do="world")

    def arrange(self, given):
        return self.ask(do="arrange", given=given)

    def sh(self, text):
        said = self.ask(do="sh", text=text)
        return said["status"], said["out"]

    def close(self):
        """Also where hemma has gone away under it."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


class Call:
    """One call of the program under way; what it prints is kept."""

    def __init__(self, operator, process):
        self.operator = operator
        self.process = process
        self.text = ""
        self.grown = threading.Condition()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        while True:
            more = os.read(self.process.stdout.fileno(), 65536)
            with self.grown:
                self.text += more.decode("utf-8", "replace")
                self.grown.notify_all()
            if not more:
                return

    def wait_for(self, text, limit_s=60):
        with self.grown:
            if not self.grown.wait_for(
                lambda: text in self.text or not self.reader.is_alive(), limit_s
            ) or text not in self.text:
                raise Trouble(f"this did not come: {text!r}, but {self.text!r}")

    def signal(self, number):
        subprocess.run(
            [
                *self.operator.enter, "sh", "-c",
                f"kill -{int(number)} $(cat {self.operator.folder}/pid)",
            ],
            check=False,
        )

    def end(self):
        """(status, everything that it printed)."""
        try:
            status = self.process.wait(2 * CALL_S)
        except subprocess.TimeoutExpired:
            self.signal(signal.SIGKILL)
            self.process.kill()
            status = self.process.wait()
            self.text += f"\nbed: it did not end within {2 * CALL_S} s\n"
        self.reader.join()
        self.process.stdout.close()
        return status, self.text


class Operator:
    """The one of HEMMA, on a machine beside it."""

    def __init__(self, env, hemma):
        self.client = env["DOCKER"].split()
        self.hemma = hemma
        self.config = env[hemma]
        machine = hemma.replace("hemma", "operator")
        self.folder = os.path.join(env["BED"], machine)
        self.program = os.path.join(TOP, "build/runbook")
        self.terminal = os.path.join(TOP, "build/release/script/terminal")
        os.makedirs(self.folder, exist_ok=True)
        for name, text in SECRETS.items():
            with open(os.path.join(self.folder, name), "w", encoding="ascii") as file:
                file.write(text + "\n")
        self.documents = {"own": os.path.join(TOP, "runbooks/home-server.md")}
        seed = os.path.join(DATA, "seed/home-server.md")
        if os.path.exists(seed):
            self.documents["seed"] = os.path.join(self.folder, "seed.md")
            with open(seed, "rb") as old, open(self.documents["seed"], "wb") as new:
                new.write(old.read())

        # What 'docker exec' would do, for a tenth of its price. Who runs us in
        # the background has us ignore Ctrl-C; the program must not.
        pid = self.docker("inspect", "-f", "{{.State.Pid}}", machine).stdout.strip()
        self.enter = [
            "env", "-i", "HOME=/root", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "NO_COLOR=1",
            "LC_ALL=C.UTF-8", "TERM=xterm", "nsenter", "-m", "-u", "-i", "-p", "-t", pid,
            "--", "env", "--default-signal=INT,QUIT", "--chdir=/root/apps/skriptoteket",
        ]

    def docker(self, *argv):
        return subprocess.run(
            [*self.client, *argv], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, check=False,
        )

    def start(self, *argv, dialog=None):
        """Call the program with ARGV, with DIALOG at a terminal (see
        tests/script/terminal.c)."""
        command = [self.program, *argv]
        if dialog:
            command = [self.terminal, *command]
        process = subprocess.Popen(
            [
                *self.enter, "sh", "-c", 'echo $$ > "$0"; exec "$@"',
                self.folder + "/pid", *command,
            ],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )
        if dialog:
            process.stdin.write(f"patience {DIALOG_S}\n{dialog}".encode())
        process.stdin.close()
        return Call(self, process)

    def confirmations(self, document, procedure, options):
        """{number of a step: what --confirm takes for it}."""
        _, text = self.call(
            "plan", self.documents[document], procedure, "--json",
            "--ssh-config", self.config, *options
        )
        try:
            steps = json.loads(text[text.index("{") :])["steps"]
        except ValueError as error:
            raise Trouble(f"there is no plan: {text}") from error
        own = procedure.rpartition("/")[2]
        return {
            step["step"].rpartition(".")[2]: step["confirm"]
            for step in steps
            if f"{own}." in step["step"]
        }

    def call(self, *argv, dialog=None):
        return self.start(*argv, dialog=dialog).end()
