"""Signals at random moments of a run at a terminal."""

import os
import random
import select
import signal
import socket
import sys
import threading
import time

from stage import Sshd, Stage, Terminal, full

ROUNDS = int(os.environ.get("ROUNDS", 50 if full() else 3))
SEED = int(os.environ.get("SEED", 5))
MOST_S = 12
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT]

DOCUMENT = """# Doc

## Many

```bash
echo 1 > f; echo 2 > f; echo 3 > f; echo 4 > f; echo 5 > f; echo 6 > f
echo 7 > f; echo 8 > f; echo 9 > f; sync f; echo 10 > f; sync f; echo 11 > f
```

## Step

```bash
sh -c 'trap "" INT; echo begun; (exec sleep 300) & exec sleep 301'
```

## Deaf

```bash
sh -c 'trap "" INT TERM HUP QUIT; echo begun; while :; do sleep 300; done'
```

## Question

```bash
rm -r here
```

## Secret

```bash
echo "<password>" > /dev/null
```

## Interactive

```bash {io: interactive}
stty raw -echo; tput smcup; echo begun; cat
```

## Follow

```bash
echo begun >> log; tail -f log
```

## Host

```bash
ssh hemma "echo begun; sleep 300"
```

## Flood

```bash
seq 100000000
```

## Slow

```bash
ssh tarpit "echo begun"
```
"""


class Tarpit(threading.Thread):
    """A port that takes connections and says nothing."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.socket.listen(64)
        self.port = self.socket.getsockname()[1]
        self.kept = []

    def run(self):
        while True:
            self.kept.append(self.socket.accept()[0])


def modes_of(t):
    """The terminal's settings, as they can be compared."""
    modes = t.modes()
    return modes[:6], list(modes[6])


def is_single_stop(end):
    return end.status < 0 or end.status in (0, 1, 3, 4, 6) or end.status >= 128


class Wrong(Exception):
    """The terminal, a process, or the time."""


def one(stage, place, wait, signals, moment):
    """Run PLACE, and send SIGNALS when WAIT has come and MOMENT is over."""
    args = ["run", "doc.md", place]
    if place in ("host", "slow"):
        args += ["-F", "ssh_config"]
    t = Terminal(stage, *args)
    try:
        before = modes_of(t)
        if wait and not t.wait(wait):
            raise Wrong(f"'{wait}' did not come: {t.shown.decode()}")
        began = time.monotonic()
        while time.monotonic() < began + moment and t.take(0.002):
            pass
        began = time.monotonic()
        for number in signals:
            try:
                os.kill(t.pid, number)
            except ProcessLookupError:
                break
            if len(signals) > 1:
                select.select([], [], [], random.random() * 0.02)
        end = t.end(60)
        took = time.monotonic() - began
        if end.status == -1000:
            raise Wrong(f"it did not end: {end}")
        if took > MOST_S:
            raise Wrong(f"it took {took:.1f} s")
        if not is_single_stop(end):
            raise Wrong(f"status {end.status}")
        if modes_of(t) != before:
            raise Wrong(f"the terminal was {before}, and is {modes_of(t)}")
        if not stage.quiet(15):
            raise Wrong(f"left: {names(stage.processes())}")
        return took
    finally:
        t.close()


def names(pids):
    found = []
    for pid in pids:
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                found.append(file.read().replace(b"\0", b" ").decode())
        except OSError:
            pass
    return found


# Places, and what has come when the moment begins.
PLACES = {
    "many": None,
    "step": "| begun",
    "deaf": "| begun",
    "question": "to stop: ",
    "secret": "shown) [?]: ",
    "interactive": "begun",
    "follow": "| begun",
    "host": "| begun",
    "slow": "[1/1]",
}


def blocked(stage, kind):
    """Nobody reads what it prints, and it is to end all the same."""
    with stage.start("run", "doc.md", "flood") as p:
        select.select([p.stdout], [], [], 30)
        time.sleep(0.2)
        began = time.monotonic()
        p.send_signal(kind)
        if kind == signal.SIGINT:
            p.send_signal(kind)
        try:
            p.wait(60)
        except Exception as why:
            p.kill()
            raise Wrong("it did not end") from why
        took = time.monotonic() - began
        if took > MOST_S:
            raise Wrong(f"it took {took:.1f} s")
        if p.returncode != -kind:
            raise Wrong(f"status {p.returncode}")
        if not stage.quiet(15):
            raise Wrong(f"left: {names(stage.processes())}")
        return took


def signals_for(place, kind):
    """KIND is a signal, or None for a storm. A first Ctrl-C is for the step,
    and a deaf one goes on; so it is said again."""
    if kind is None:
        return [random.choice(SIGNALS) for _ in range(12)] + [signal.SIGTERM]
    if kind == signal.SIGINT:
        return [kind] * 3
    return [kind]


def main():
    random.seed(SEED)
    tried = wrong = 0
    slowest = 0.0
    with Stage() as stage:
        stage.write("doc.md", DOCUMENT)
        tarpit = Tarpit()
        tarpit.start()
        places = dict(PLACES)
        if Sshd.there():
            sshd = Sshd(stage)
            sshd.client(stage, more=f"Host tarpit\nHostName 127.0.0.1\n"
                                    f"Port {tarpit.port}\n"
                                    f"StrictHostKeyChecking yes\n")
        else:
            print("signals: no sshd; hosts were left out")
            del places["host"], places["slow"]
        for place, wait in places.items():
            for kind in SIGNALS + [None]:
                for _ in range(ROUNDS):
                    os.makedirs(stage.path("here"), exist_ok=True)
                    tried += 1
                    moment = random.random() * (0.15 if wait is None else 0.03)
                    try:
                        slowest = max(slowest, one(
                            stage, place, wait, signals_for(place, kind),
                            moment))
                    except Wrong as why:
                        wrong += 1
                        print(f"--- {place}, {kind and kind.name or 'storm'}, "
                              f"after {moment:.3f} s: {why}")
                        for pid in stage.processes():
                            os.kill(pid, signal.SIGKILL)
        for kind in SIGNALS:
            for _ in range(ROUNDS):
                tried += 1
                try:
                    slowest = max(slowest, blocked(stage, kind))
                except Wrong as why:
                    wrong += 1
                    print(f"--- blocked, {kind.name}: {why}")
                    for pid in stage.processes():
                        os.kill(pid, signal.SIGKILL)
    print(f"signals: {tried} times: {wrong} with another terminal, a process "
          f"left or more than {MOST_S} s (bar: 0); the slowest {slowest:.1f} s "
          f"(SEED={SEED})")
    sys.exit(wrong > 0)


main()
