"""Cut connections at random bytes, and see what the program makes of it."""

import os
import random
import select
import shutil
import socket
import struct
import sys
import threading
import time

from stage import Sshd, Stage, Terminal, full, skip

CUTS = int(os.environ.get("CUTS", 100 if full() else 24))
SEED = int(os.environ.get("SEED", 5))
ALIVE_S, ALIVE_MISSED = 1, 2  # of the host, in ssh_config
NOTICED_S = ALIVE_S * (ALIVE_MISSED + 1) + 2  # and a busy machine
# Before there is a connection, its making has limits of its own, and is tried
# again when a host is asked what became of a step.
LOGIN_S = 30 + 2
ASK_S = 1 + 3 + 2

DOCUMENT = """# Doc

```bash
ssh hemma "echo first >> $PLACE/effects; seq 2000"
ssh hemma "test -s $PLACE/effects"
ssh hemma "echo second >> $PLACE/effects; sleep 0.05; seq 2000"
echo third | ssh hemma "cat >> $PLACE/effects; seq 2000" > /dev/null
ssh hemma "echo fourth >> $PLACE/effects; seq 2000"
```
"""
EFFECTS = {1: "first", 3: "second", 4: "third", 5: "fourth"}


class Wrong(Exception):
    """A step ran twice, or its outcome was told wrongly."""


class Proxy(threading.Thread):
    """Hands everything on to PORT, up to the byte at which it is to cut."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.to = port
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.socket.listen(64)
        self.port = self.socket.getsockname()[1]
        self.cut = None  # (direction, byte, how)
        self.seen = [0, 0]
        self.cut_at = None  # when
        self.kept = []  # what is open, and silent

    def plan(self, cut):
        self.cut, self.seen, self.cut_at = cut, [0, 0], None
        for end in self.kept:
            end.close()
        self.kept = []

    def run(self):
        while True:
            ours, _ = self.socket.accept()
            threading.Thread(
                target=self.serve, args=(ours,), daemon=True
            ).start()

    def serve(self, ours):
        theirs = socket.create_connection(("127.0.0.1", self.to))
        ends = [ours, theirs]
        while True:
            ready, _, _ = select.select(ends, [], [], 120)
            for end in ready:
                which = ends.index(end)
                try:
                    data = end.recv(16384)
                except OSError:
                    data = b""
                if not data:
                    ours.close()
                    theirs.close()
                    return
                if self.is_cut(which, len(data)):
                    keep = self.cut[1] - self.seen[which]
                    ends[1 - which].sendall(data[:keep])
                    self.sever(ends)
                    return
                self.seen[which] += len(data)
                try:
                    ends[1 - which].sendall(data)
                except OSError:
                    ours.close()
                    theirs.close()
                    return

    def is_cut(self, which, n):
        return (self.cut and self.cut_at is None and which == self.cut[0]
                and self.seen[which] + n > self.cut[1])

    def sever(self, ends):
        self.cut_at = time.monotonic()
        if self.cut[2] == "reset":
            for end in ends:
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                               struct.pack("ii", 1, 0))
                end.close()
        else:
            # Both ends stay open, and nothing goes through any more.
            self.kept = ends


def clean(stage):
    if os.path.exists(stage.path("effects")):
        os.unlink(stage.path("effects"))
    for folder in stage.runs():
        shutil.rmtree(folder)


def check(stage):
    effects = stage.lines("effects")
    records = stage.records(stage.runs()[-1])
    for number, effect in EFFECTS.items():
        step = f"doc.{number}"
        mine = [r for r in records if r.get("step") == step]
        ends = [r["status"] for r in mine if r["t"] == "end"]
        happened = effects.count(effect)
        if happened > 1:
            raise Wrong(f"{step} ran {happened} times")
        if happened and not any(r["t"] == "intent" for r in mine):
            raise Wrong(f"{step} ran without an intent")
        if "succeeded" in ends and not happened:
            raise Wrong(f"{step} counts as done, and did not run")


def go_on(stage):
    for _ in range(8):
        if not stage.quiet():
            raise Wrong(f"still at work: {stage.processes()}")
        before = stage.lines("effects")
        end = stage.run("resume", "-F", "ssh_config")
        if end.status == 0:
            return
        if end.status != 6 or stage.lines("effects") != before:
            raise Wrong(f"resume: {end}, {before}, {stage.lines('effects')}")
        t = Terminal(stage, "resume", "-F", "ssh_config")
        if t.wait("[?]: "):
            step = t.shown.decode().split("error: step '")[1].split("'")[0]
            number = int(step.rpartition(".")[2])
            done = EFFECTS.get(number) in stage.lines("effects")
            t.type("s\n" if done else "r\n")
        end = t.end()
        t.close()
        if end.status == 0:
            return
    raise Wrong("it does not come to an end")


def one(stage, proxy, cut, counts):
    """Cut once, and go on over a way that holds."""
    clean(stage)
    proxy.plan(cut)
    end = stage.run("run", "doc.md", "-F", "ssh_config")
    ended = time.monotonic()
    if proxy.cut_at is None and end.status != 0:
        raise Wrong(f"nothing was cut: {end}")
    counts[end.status] = counts.get(end.status, 0) + 1
    if end.status not in (0, 1, 4, 6):
        raise Wrong(f"status {end.status}: {end}")
    if end.status == 6 and "not known" not in end.err \
            and "ssh" not in end.err:
        raise Wrong(f"nobody was told: {end}")
    most = LOGIN_S if end.status == 4 else NOTICED_S + ASK_S
    late = ended - proxy.cut_at - most if proxy.cut_at else 0
    if late > 0 and end.status != 0:
        raise Wrong(f"noticed {late:.1f} s too late")
    proxy.plan(None)
    if not stage.quiet():
        raise Wrong(f"left: {stage.processes()}")
    check(stage)
    if end.status != 0:
        go_on(stage)
        check(stage)
    for effect in EFFECTS.values():
        if stage.lines("effects").count(effect) != 1:
            raise Wrong(f"in the end {stage.lines('effects')}")


def main():
    if not Sshd.there():
        skip("connection-cuts", "sshd")
    random.seed(SEED)
    wrong = 0
    counts = {}
    with Stage() as stage:
        sshd = Sshd(stage)
        proxy = Proxy(sshd.port)
        proxy.start()
        sshd.client(stage, proxy.port,
                    more=f"Host *\nServerAliveInterval {ALIVE_S}\n"
                         f"ServerAliveCountMax {ALIVE_MISSED}\n"
                         f"ConnectTimeout 3\n")
        stage.write("doc.md", DOCUMENT.replace("$PLACE", stage.work))
        # How many bytes there are in each direction.
        proxy.plan(None)
        end = stage.run("run", "doc.md", "-F", "ssh_config")
        if end.status != 0:
            raise RuntimeError(f"it does not run at all: {end}")
        most = proxy.seen[:]
        for i in range(CUTS):
            which = random.randrange(2)
            # Evenly, but half of them in the first part, where keys are
            # exchanged and commands begin.
            at = random.random() ** (1 + i % 2)
            cut = (which, int(at * most[which]),
                   "reset" if i % 4 else "silence")
            try:
                one(stage, proxy, cut, counts)
            except Wrong as why:
                wrong += 1
                print(f"--- {cut}: {why}")
    told = ", ".join(f"{n} with status {s}" for s, n in sorted(counts.items()))
    print(f"connection-cuts: {CUTS} cuts ({told}): {wrong} with a step that "
          f"ran twice, a wrong outcome, or noticed after more than "
          f"{NOTICED_S} s (bar: 0) (SEED={SEED})")
    sys.exit(wrong > 0)


main()
