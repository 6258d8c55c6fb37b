"""Damage journals of runs that went well, failed, and were killed, and ask the
program what it makes of them.

A cut may take away only what was never made durable: records of steps that
read. So each cut is either told, or leaves every step above `reads` where the
whole journal had it. A flipped bit is always told.
"""

import json
import os
import random
import sys

from stage import Stage, full

FLIPS = int(os.environ.get("FLIPS", 1000))
SEED = int(os.environ.get("SEED", 5))
STEP = 1 if full() else 7  # of the cuts

DOCUMENT = """# Doc

```bash
echo one >> effects
test -s effects
echo two >> effects
```

```bash
# Wait
{ echo three >> effects; test ! -p pipe || read line < pipe; }
test -e done
echo four >> effects
```
"""


def make(stage, how):
    """A run that ends in this way; the folder of its journal."""
    stage.write("doc.md", DOCUMENT)
    if how == "done":
        stage.write("done", "")
        stage.run("run", "doc.md")
    elif how == "failed":
        os.unlink(stage.path("done"))
        stage.run("run", "doc.md")
    else:
        os.mkfifo(stage.path("pipe"))
        p = stage.start("run", "doc.md")
        pipe = os.open(stage.path("pipe"), os.O_WRONLY)
        p.kill()
        p.communicate()
        os.close(pipe)
        stage.quiet()
        os.unlink(stage.path("pipe"))
    return stage.runs()[-1]


def states(stage, run):
    """What the program says of the run: its states, or None when it tells of
    a damage."""
    end = stage.run("history", run, "--json")
    if end.status == 2 and end.err.startswith("runbook: "):
        return None
    if end.status != 0:
        raise RuntimeError(f"history: {end}")
    return {
        s["step"]: s["state"] for s in json.loads(end.out)["runs"][0]["steps"]
    }


def harmless(whole, now, reads):
    return all(
        now.get(step, "pending") == state
        for step, state in whole.items()
        if step not in reads
    )


def main():
    random.seed(SEED)
    cuts = bits = passed = refused = 0
    with Stage() as stage:
        for how in ("done", "failed", "killed"):
            folder = make(stage, how)
            run = os.path.basename(folder)
            path = os.path.join(folder, "journal.jsonl")
            with open(path, "rb") as file:
                whole = file.read()
            right = states(stage, run)
            reads = {
                r["step"] for r in stage.records(folder)
                if r["t"] == "intent" and r["effect"] == "reads"
            }
            for n in range(0, len(whole), STEP):
                cuts += 1
                with open(path, "wb") as file:
                    file.write(whole[:n])
                now = states(stage, run)
                if now is not None and not harmless(right, now, reads):
                    passed += 1
                    print(f"--- {how}, cut at {n}: {now}")
            for _ in range(FLIPS // 3 + 1):
                bits += 1
                at = random.randrange(len(whole) * 8)
                flipped = bytearray(whole)
                flipped[at // 8] ^= 1 << at % 8
                with open(path, "wb") as file:
                    file.write(flipped)
                if states(stage, run) is not None:
                    passed += 1
                    print(f"--- {how}, bit {at % 8} of byte {at // 8}")
                # and nothing goes on from there
                before = stage.lines("effects")
                if bits % 50 == 0:
                    end = stage.run("resume", run)
                    if end.status == 2 and stage.lines("effects") == before:
                        refused += 1
                    else:
                        passed += 1
                        print(f"--- {how}, bit {at}: resume: {end}")
            with open(path, "wb") as file:
                file.write(whole)
    print(f"journal-damage: {cuts} cuts and {bits} flipped bits of 3 journals: "
          f"{passed} passed for a whole one (bar: 0); resume refused "
          f"{refused} of them (SEED={SEED})")
    sys.exit(passed > 0)


main()
