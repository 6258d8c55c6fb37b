"""The program as its users have it, for tests that end it, cut it off or fill
its disk: a folder with a home of its own, a private sshd, a terminal.

Nothing of the machine's reaches the program but PATH. Everything that is
started is ended again, by its id; every wait has an end.
"""

import json
import os
import pty
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import termios
import time

PROGRAM = os.path.realpath(os.environ.get("PROGRAM", "build/runbook"))
LIBFAULT = os.path.realpath(os.environ.get("LIBFAULT", "libfault.so"))
LONG = 30  # seconds, for what takes no time on an idle machine


def skip(name, what):
    """End the test that is called NAME for lack of WHAT."""
    print(f"{name}: skipped, no {what}")
    sys.exit(1 if os.environ.get("REQUIRE_TOOLS") == "1" else 0)


def full():
    """Are all of them wanted, and not as many as fit into CI?"""
    return os.environ.get("FULL") == "1" or not os.environ.get("CI")


def until(what, seconds=LONG, pause=0.005):
    """Wait until WHAT() is true; its value, or False when the time is up."""
    end = time.monotonic() + seconds
    while not (value := what()):
        if time.monotonic() > end:
            return False
        time.sleep(pause)
    return value


class Ended:
    """How a program ended, and what it said."""

    def __init__(self, status, out="", err=""):
        self.status, self.out, self.err = status, out, err

    def __repr__(self):
        return f"status {self.status}\n{self.out}{self.err}"


class Stage:
    """A folder for a few runs; a context manager that removes it."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="runbook-stage-")
        self.work = os.path.join(self.folder, "work")
        self.home = os.path.join(self.folder, "home")
        self.runtime = os.path.join(self.folder, "run")
        for folder in (self.work, self.home, self.runtime):
            os.mkdir(folder, 0o700)
        self.sshd = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for pid in self.processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        if self.sshd:
            self.sshd.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.work, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)

    def lines(self, name):
        """Of a file that may not be there."""
        try:
            with open(self.path(name), encoding="utf-8") as file:
                return file.read().splitlines()
        except FileNotFoundError:
            return []

    def environment(self, extra=None):
        return {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": self.home,
            "XDG_RUNTIME_DIR": self.runtime,
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "TERM": "xterm",
            "NO_COLOR": "1",
            **(extra or {}),
        }

    def start(self, *args, env=None, **more):
        """Start the program; a Popen whose output is taken."""
        more.setdefault("stdout", subprocess.PIPE)
        more.setdefault("stderr", subprocess.PIPE)
        return subprocess.Popen(
            [PROGRAM, *args],
            cwd=self.work,
            env=self.environment(env),
            stdin=subprocess.DEVNULL,
            **more,
        )

    def run(self, *args, env=None, seconds=4 * LONG):
        """Run the program to its end."""
        with self.start(*args, env=env) as p:
            try:
                out, err = p.communicate(timeout=seconds)
            except subprocess.TimeoutExpired:
                p.kill()
                out, err = p.communicate()
                err += b"\nstage: it did not end\n"
            return Ended(
                p.returncode,
                out.decode("utf-8", "replace"),
                err.decode("utf-8", "replace"),
            )

    def is_ours(self, pid):
        """Does it work in our folder, or did our sshd start it?"""
        if os.readlink(f"/proc/{pid}/cwd").startswith(self.folder):
            return True
        if not self.sshd:
            return False
        with open(f"/proc/{pid}/environ", "rb") as file:
            return f"\0{self.sshd.mark}\0".encode() in b"\0" + file.read()

    def processes(self):
        """Whoever is at work for us, but for the sshd itself."""
        found = []
        for entry in os.listdir("/proc"):
            if not entry.isdigit() or int(entry) == os.getpid():
                continue
            try:
                if not self.is_ours(entry):
                    continue
                with open(f"/proc/{entry}/stat", encoding="utf-8") as file:
                    if file.read().rpartition(")")[2].split()[0] == "Z":
                        continue
            except OSError:
                continue
            found.append(int(entry))
        return found

    def quiet(self, seconds=LONG):
        """Wait until nobody is at work any more. A connection that is there
        may be about to begin something."""
        return until(
            lambda: not (self.sshd and self.sshd.connections())
            and not self.processes(),
            seconds,
        )

    # ---- journals --------------------------------------------------------

    def runs(self):
        """The folders of all runs, the newest last."""
        top = os.path.join(self.home, ".local/state/runbook/runs")
        try:
            folders = [os.path.join(top, name) for name in os.listdir(top)]
        except FileNotFoundError:
            return []
        return sorted(folders, key=lambda f: os.stat(f).st_mtime_ns)

    def records(self, folder):
        """The whole lines of a journal; a torn one does not count."""
        try:
            with open(os.path.join(folder, "journal.jsonl"), "rb") as file:
                text = file.read()
        except FileNotFoundError:
            return []
        whole = text[: text.rfind(b"\n") + 1]
        return [json.loads(line) for line in whole.splitlines()]


class Terminal:
    """The program at a terminal of its own."""

    def __init__(self, stage, *args, env=None):
        self.shown = b""
        self.at = 0  # behind what was waited for
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(stage.work)
            os.execve(PROGRAM, [PROGRAM, *args], stage.environment(env))
        self.before = termios.tcgetattr(self.fd)

    def take(self, seconds):
        """Take what comes; False at its end."""
        ready, _, _ = select.select([self.fd], [], [], seconds)
        if not ready:
            return True
        try:
            chunk = os.read(self.fd, 65536)
        except OSError:
            return False
        self.shown += chunk
        return bool(chunk)

    def wait(self, *texts, seconds=LONG):
        """Wait for the first of TEXTS; which one, or None."""
        end = time.monotonic() + seconds
        while True:
            found = [
                (self.shown.find(t.encode(), self.at), t) for t in texts
            ]
            found = [one for one in found if one[0] >= 0]
            if found:
                at, text = min(found)
                self.at = at + len(text.encode())
                return text
            left = end - time.monotonic()
            if left <= 0 or not self.take(left):
                return None

    def type(self, keys):
        os.write(self.fd, keys.encode())

    def modes(self):
        return termios.tcgetattr(self.fd)

    def end(self, seconds=LONG):
        """Read to its end; an Ended."""
        end = time.monotonic() + seconds
        status = None
        while status is None:
            self.take(0.01)
            pid, wait = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                status = os.waitstatus_to_exitcode(wait)
            elif time.monotonic() > end:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
                status = -1000
        while self.take(0):
            if not select.select([self.fd], [], [], 0)[0]:
                break
        return Ended(status, self.shown.decode("utf-8", "replace"))

    def close(self):
        os.close(self.fd)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Sshd:
    """A private sshd on the loopback interface, with keys of its own. ROOT is
    the home and the folder of what runs there."""

    BINARY = "/usr/sbin/sshd"

    @staticmethod
    def there():
        return os.access(Sshd.BINARY, os.X_OK)

    def __init__(self, stage, lines=""):
        self.folder = os.path.join(stage.folder, "sshd")
        self.home = os.path.join(stage.folder, "there")
        os.mkdir(self.folder, 0o700)
        os.mkdir(self.home, 0o700)
        if os.geteuid() == 0:
            os.makedirs("/run/sshd", exist_ok=True)
        for key in ("host_key", "user_key"):
            subprocess.run(
                ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f",
                 os.path.join(self.folder, key)],
                check=True,
            )
        self.mark = f"RUNBOOK_STAGE={stage.folder}"
        self.process = None
        for _ in range(5):
            self.port = free_port()
            self.configure(lines)
            if self.start():
                break
        else:
            raise RuntimeError("sshd does not start")
        self.client(stage)
        stage.sshd = self

    def configure(self, lines):
        # Of several SetEnv the first counts.
        text = f"""{lines}
Port {self.port}
ListenAddress 127.0.0.1
HostKey {self.folder}/host_key
PidFile {self.folder}/pid
AuthorizedKeysFile {self.folder}/user_key.pub
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
AcceptEnv RB_*
LogLevel DEBUG1
SetEnv {self.mark} SHLVL=2 HOME={self.home}
"""
        with open(f"{self.folder}/sshd_config", "w", encoding="utf-8") as f:
            f.write(text)

    def start(self):
        pid_file = f"{self.folder}/pid"
        if os.path.exists(pid_file):
            os.unlink(pid_file)
        self.process = subprocess.Popen(
            [Sshd.BINARY, "-D", "-f", f"{self.folder}/sshd_config",
             "-E", f"{self.folder}/log"],
            cwd="/",
        )
        return until(
            lambda: os.path.exists(pid_file)
            or self.process.poll() is not None, 5
        ) and self.process.poll() is None

    def stop(self):
        for pid in self.children():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.terminate()
        self.process.wait()

    def client(self, stage, port=None, more=""):
        """What leads there: hosts 'hemma' and 'web1' in ssh_config."""
        with open(f"{self.folder}/host_key.pub", encoding="utf-8") as f:
            kind, key = f.read().split()[:2]
        port = port or self.port
        with open(f"{self.folder}/known_hosts", "w", encoding="utf-8") as f:
            f.write(f"[127.0.0.1]:{port} {kind} {key}\n")
        self.config = os.path.join(stage.work, "ssh_config")
        with open(self.config, "w", encoding="utf-8") as f:
            f.write(f"""{more}
Host hemma web1
HostName 127.0.0.1
Port {port}
IdentityFile {self.folder}/user_key
IdentitiesOnly yes
IdentityAgent none
UserKnownHostsFile {self.folder}/known_hosts
GlobalKnownHostsFile none
StrictHostKeyChecking yes
""")

    def children(self):
        """The processes of its connections."""
        found, queue = [], [self.process.pid]
        while queue:
            parent = queue.pop()
            try:
                with open(
                    f"/proc/{parent}/task/{parent}/children",
                    encoding="utf-8",
                ) as f:
                    below = [int(pid) for pid in f.read().split()]
            except OSError:
                below = []
            queue += below
            found += below
        return found

    def connections(self):
        """Those of its children that are sshd themselves."""
        found = []
        for pid in self.children():
            try:
                with open(f"/proc/{pid}/comm", encoding="utf-8") as f:
                    if f.read().strip() == "sshd":
                        found.append(pid)
            except OSError:
                pass
        return found


def plain(text):
    """TEXT without carriage returns and control sequences."""
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|\r", "", text)
