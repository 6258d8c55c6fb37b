"""Kill the program everywhere, and see what its journal makes of it.

Each step above `reads` writes its name into a file, "effects": what is in
there has happened. Half of the kills come before a system call of the program
(tests/fault/libfault.c counts them), half after a time. Then the run is gone
on with: where the outcome of a step is not known, the question is answered
by what "effects" says.
"""

import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from stage import LIBFAULT, Ended, Sshd, Stage, Terminal

POINTS = int(os.environ.get("POINTS", 300))
SEED = int(os.environ.get("SEED", 5))
KINDS = 3 if Sshd.there() else 2  # of documents
SIDE_BY_SIDE = 2  # folders of each kind

LOCAL = """# Local

```bash
# First
mkdir -p sub && echo first >> effects
# Where
cd sub; file=$PWD/../effects
# Second
note() { echo "$1" >> "$file"; }
note second
# Look
test -s "$file"
# Third
{ echo third >> "$file"; sleep 0.02; }
# Much
seq 20000
# Fourth
(sleep 0.01; echo fourth >> "$file")
# Last
tail -n 1 "$file"
```

```text
fourth
```
"""

MIXED = """# Mixed

```bash {timeout: 20s}
# First
echo first >> effects; name='<name>'
```

```bash {exit: [3]}
# Second
echo second >> effects; sh -c 'exit 3'
```

```bash {retry: {attempts: 3, delay: 10ms}}
# Try
test -e tried || { touch tried; false; }
```

```bash {capture: {count: "^([0-9]+)$"}}
# Count
wc -l < effects
```

```bash
# Third
echo third >> effects; printf '%s\\n' "$name" "<count>" "<token>" >> said
# Fourth
if test "$(cat said)" != ""; then echo fourth >> effects; fi
```
"""

HOSTS = """# Hosts

```bash
ssh hemma "echo first >> $PLACE/effects"
ssh hemma "sleep 0.03; echo second >> $PLACE/effects; sleep 0.03"
echo third | ssh hemma "cat >> $PLACE/effects"
for i in 1 2; do ssh hemma "test -s $PLACE/effects"; done
ssh hemma "wc -l < $PLACE/effects"
ssh hemma "echo fourth >> $PLACE/effects"
```
"""


class Document:
    """A document with its call, its effects, and how to reach its host."""

    def __init__(self, name, text, args=(), host=False):
        self.name, self.text, self.args = name, text, list(args)
        self.host = host
        self.calls = self.seconds = 0
        self.stage = Stage()
        self.shared = []
        if host:
            Sshd(self.stage)
            self.args += ["-F", "ssh_config"]
            self.shared = ["-F", "ssh_config"]
        self.stage.write("token", "s3cret-t0ken")

    def clean(self):
        for name in ("effects", "tried", "said"):
            if os.path.exists(self.stage.path(name)):
                os.unlink(self.stage.path(name))
        self.stage.write(
            "doc.md", self.text.replace("$PLACE", self.stage.work)
        )

    def fault(self, what, **more):
        return {
            "LD_PRELOAD": LIBFAULT,
            "FAULT": what,
            "FAULT_PROGRAM": os.path.basename(os.environ["PROGRAM"])[:15],
            **more,
        }

    def measure(self):
        """Run it as it is: how many calls, how long."""
        count = self.stage.path("count")
        self.clean()
        began = time.monotonic()
        end = self.stage.run(
            "run", "doc.md", *self.args,
            env=self.fault(f"kill:{10**9}", FAULT_COUNT=count),
        )
        self.seconds = time.monotonic() - began
        if end.status != 0 or self.effects() != ["first", "second", "third",
                                                 "fourth"]:
            raise RuntimeError(f"{self.name} does not run at all: {end}")
        with open(count, encoding="utf-8") as f:
            self.calls = int(f.read())

    def effects(self):
        return self.stage.lines("effects")


def documents():
    """Each in a folder of its own."""
    yield Document("local", LOCAL)
    yield Document("mixed", MIXED,
                   ["--set", "name=it's \"me\"", "--set-file", "token=token"])
    if Sshd.there():
        yield Document("hosts", HOSTS, host=True)


# Which effect a step has, by what its id ends with.
STEPS = {
    "local": {1: "first", 5: "second", 7: "third", 9: "fourth"},
    "mixed": {1: "first", 3: "second", 7: "third", 9: "fourth"},
    "hosts": {1: "first", 2: "second", 3: "third", 6: "fourth"},
}


class Lies(Exception):
    """What the journal says is not the case, or a step ran twice."""


def check(document, folder):
    """Compare the journal of a dead run with what has happened."""
    effects = document.effects()
    records = document.stage.records(folder)
    for number, effect in STEPS[document.name].items():
        step = f"{document.name}.{number}"
        mine = [r for r in records if r.get("step") == step]
        intents = [r for r in mine if r["t"] == "intent"]
        ends = [r for r in mine if r["t"] == "end"]
        happened = effects.count(effect)
        if happened > 1:
            raise Lies(f"{step} ran {happened} times")
        if happened and not intents:
            raise Lies(f"{step} ran without an intent")
        if any(r["status"] == "succeeded" for r in ends) and not happened:
            raise Lies(f"{step} did not run, and counts as done")
        if any(r["dispatched"] is False for r in ends) and happened \
                and len(ends) == len(intents) == 1:
            raise Lies(f"{step} ran, and counts as never handed over")


def kill_once(document, point):
    """Run it and kill it at POINT; True when it was alive by then."""
    stage = document.stage
    if point[0] == "call":
        end = stage.run("run", "doc.md", *document.args,
                        env=document.fault(f"kill:{point[1]}"))
        return end.status == -signal.SIGKILL, end
    with stage.start("run", "doc.md", *document.args,
                     stdout=subprocess.DEVNULL,
                     stderr=subprocess.DEVNULL) as p:
        try:
            p.wait(point[1])
        except subprocess.TimeoutExpired:
            p.kill()
        return p.wait() == -signal.SIGKILL, Ended(p.returncode)


def answer_question(document, args):
    """Resume at a terminal, and say of the step what is the case."""
    t = Terminal(document.stage, "resume", *args)
    try:
        if t.wait("[?]: ") is None:
            return t.end(), False
        shown = t.shown.decode("utf-8", "replace")
        step = shown.split("error: step '")[1].split("'")[0]
        number = int(step.rpartition(".")[2])
        effect = STEPS[document.name].get(number)
        happened = effect in document.effects()
        t.type("s\n" if happened else "r\n")
        return t.end(), True
    finally:
        t.close()


def go_on(document):
    """Resume until it is done; the exit statuses on the way."""
    stage, statuses = document.stage, []
    args = document.shared + (
        ["--set-file", "token=token"] if document.name == "mixed" else []
    )
    for _ in range(12):
        if not stage.quiet():
            raise Lies(f"still at work: {stage.processes()}")
        before = document.effects()
        end = stage.run("resume", *args)
        statuses.append(end.status)
        if end.status == 0:
            return statuses
        if end.status == 6:
            if document.effects() != before:
                raise Lies("something ran beside an unknown outcome")
            end, asked = answer_question(document, args)
            statuses.append("asked" if asked else end.status)
            if end.status == 0:
                return statuses
        elif end.status == 2:
            # Killed before there was anything to go on with.
            if "no run" not in end.err and "what was run" not in end.err \
                    and "come to its end" not in end.err:
                raise Lies(f"resume: {end}")
            if "come to its end" in end.err:
                return statuses
            end = stage.run("run", "doc.md", *document.args)
            statuses.append(("anew", end.status))
            if end.status == 0:
                return statuses
        elif end.status != 1:
            raise Lies(f"resume: {end}")
    raise Lies(f"not done after {statuses}")


def try_point(document, point):
    document.clean()
    for folder in document.stage.runs():
        subprocess.run(["rm", "-rf", folder], check=True)
    killed, _ = kill_once(document, point)
    if not document.stage.quiet():
        raise Lies(f"orphans: {document.stage.processes()}")
    runs = document.stage.runs()
    if runs:
        check(document, runs[-1])
    if killed:
        go_on(document)
        check(document, document.stage.runs()[-1])
    for effect in ("first", "second", "third", "fourth"):
        if document.effects().count(effect) != 1:
            raise Lies(f"effects are {document.effects()}")
    return killed


def points_of(document, n):
    """Half of them calls, evenly and with a bit of chance; half of them
    moments."""
    chance = random.Random(f"{SEED} {document.name}")
    for i in range(n):
        if i % 2 == 0:
            at = (i + chance.random()) / n
            yield "call", 1 + int(at * document.calls)
        else:
            yield "time", chance.random() * document.seconds


def try_points(document, points):
    """How many were within a run, and what was wrong."""
    killed, wrong = 0, []
    for point in points:
        try:
            killed += try_point(document, point)
        except Lies as lie:
            wrong.append(f"{document.name}, {point[0]} {point[1]}: {lie}")
    return killed, wrong


def main():
    """Most of the time something is waited for, so that several go on side by
    side."""
    jobs, folders, tried = [], [], 0
    try:
        with ThreadPoolExecutor(KINDS * SIDE_BY_SIDE) as pool:
            for crew in zip(*(documents() for _ in range(SIDE_BY_SIDE))):
                folders += crew
                crew[0].measure()
                points = list(points_of(crew[0], POINTS // KINDS))
                tried += len(points)
                for i, one in enumerate(crew):
                    jobs.append((one, points[i::SIDE_BY_SIDE]))
            ended = list(pool.map(lambda job: try_points(*job), jobs))
    finally:
        for document in folders:
            document.stage.__exit__()
    killed = sum(one for one, _ in ended)
    wrong = [what for _, some in ended for what in some]
    for what in wrong:
        print(f"--- {what}")
    if not Sshd.there():
        print("kill-points: no sshd; the document with hosts was left out")
    print(f"kill-points: {tried} points, {killed} of them within a run: "
          f"{len(wrong)} with a step that ran twice or a record that lies "
          f"(bar: 0) (SEED={SEED})")
    sys.exit(len(wrong) > 0)


main()
