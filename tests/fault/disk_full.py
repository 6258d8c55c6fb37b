"""Let every write and sync of a journal fail in turn, and fill a real disk."""

import os
import shutil
import subprocess
import sys

from stage import LIBFAULT, Stage, Terminal

DOCUMENT = """# Doc

```bash
echo one >> effects; echo said one
echo two >> effects; echo said two
test -s effects
echo three >> effects; echo said three >&2
echo four >> effects
```
"""
EFFECTS = ["one", "two", "three", "four"]
STEPS = dict(zip(("doc.1", "doc.3", "doc.6", "doc.8"), EFFECTS))

FILLS = """# Fills

```bash
echo one >> effects
head -c 100M /dev/zero > "$XDG_STATE_HOME/filler" || echo two >> effects
echo three >> effects
```
"""


class Wrong(Exception):
    """A step ran that must not have, or nobody was told."""


def clean(stage):
    if os.path.exists(stage.path("effects")):
        os.unlink(stage.path("effects"))
    for folder in stage.runs():
        shutil.rmtree(folder)


def intents(stage):
    runs = stage.runs()
    return [
        r["step"] for r in (stage.records(runs[-1]) if runs else [])
        if r["t"] == "intent"
    ]


def go_on(stage):
    """Resume, and say of a step without an end what is the case."""
    for _ in range(6):
        end = stage.run("resume")
        if end.status == 0 or "come to its end" in end.err:
            return
        if end.status == 2 and ("no run" in end.err
                                or "what was run" in end.err):
            stage.run("run", "doc.md")
            continue
        t = Terminal(stage, "resume")
        if t.wait("[?]: "):
            step = t.shown.decode().split("error: step '")[1].split("'")[0]
            done = STEPS.get(step) in stage.lines("effects")
            t.type("s\n" if done else "r\n")
        t.end()
        t.close()
    raise Wrong("it does not come to an end")


def fail_once(stage, kind, error, only, n):
    """The N-th such call fails. False when there was none."""
    clean(stage)
    fired = stage.path("fired")
    if os.path.exists(fired):
        os.unlink(fired)
    end = stage.run("run", "doc.md", env={
        "LD_PRELOAD": LIBFAULT,
        "FAULT": f"{kind}:{n}:{error}",
        "FAULT_ONLY": only,
        "FAULT_FIRED": fired,
        "FAULT_PROGRAM": os.path.basename(os.environ["PROGRAM"])[:15],
    })
    if not os.path.exists(fired):
        return False
    effects, begun = stage.lines("effects"), intents(stage)
    if end.status not in (2, 6):
        raise Wrong(f"status {end.status}: {end}")
    if "RB4113" not in end.err and "runbook: " not in end.err:
        raise Wrong(f"nobody was told: {end}")
    if end.status == 2 and effects:
        raise Wrong(f"status 2, and {effects} happened")
    allowed = [STEPS[step] for step in begun if step in STEPS]
    if effects not in (allowed, allowed[:-1]):
        raise Wrong(f"{effects} happened with intents for {begun}")
    go_on(stage)
    if stage.lines("effects") != EFFECTS:
        raise Wrong(f"in the end {stage.lines('effects')}")
    return True


def fail_all(stage):
    tried = wrong = 0
    for only in ("journal.jsonl", "/mark", ".out", ".err", "document.md"):
        for kind, error in (("write", "ENOSPC"), ("write", "EIO"),
                            ("write", "EDQUOT"), ("sync", "EIO"),
                            ("sync", "ENOSPC")):
            n = 1
            while True:
                try:
                    if not fail_once(stage, kind, error, only, n):
                        break
                    tried += 1
                except Wrong as why:
                    tried += 1
                    wrong += 1
                    print(f"--- {kind} {n} of {only}, {error}: {why}")
                n += 1
    return tried, wrong


def fill(stage):
    """A real file system of 2 MiB, which the second step fills up."""
    place = os.path.join(stage.folder, "small")
    os.mkdir(place)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", place],
        stderr=subprocess.DEVNULL, check=False,
    ).returncode == 0
    if not mounted:
        print("disk-full: cannot mount a small file system here")
        return 0, 0
    try:
        stage.write("fills.md", FILLS)
        clean(stage)
        env = {"XDG_STATE_HOME": place}
        with open(stage.path("fills.md"), "r+", encoding="utf-8") as file:
            text = file.read().replace("$XDG_STATE_HOME", place)
            file.seek(0)
            file.write(text)
        end = stage.run("run", "fills.md", env=env)
        runs = os.path.join(place, "runbook/runs")
        folder = os.path.join(runs, os.listdir(runs)[0])
        ends = {
            r["step"]: r["status"] for r in stage.records(folder)
            if r["t"] == "end"
        }
        effects = stage.lines("effects")
        # The step that filled it has its end; the next one has room, or is
        # not handed over.
        well = ends.get("fills.2") == "succeeded" and (
            ("three" in effects) == (ends.get("fills.3") == "succeeded")
        ) and end.status in (0, 6)
        if not well:
            print(f"--- full file system: {effects}, {ends}, {end}")
        return 1, not well
    finally:
        subprocess.run(["umount", place], check=False)


def limit(stage):
    """Past the limit of a file's size a write fails, and does not end us."""
    clean(stage)
    end = subprocess.run(
        ["sh", "-c", 'ulimit -f 1; exec "$0" run doc.md',
         os.path.realpath(os.environ["PROGRAM"])],
        cwd=stage.work, env=stage.environment(), capture_output=True,
        check=False, text=True,
    )
    well = end.returncode in (2, 6) and "RB4113" in end.stderr
    if not well:
        print(f"--- limited file size: {end}")
    return 1, not well


def main():
    tried = wrong = 0
    with Stage() as stage:
        stage.write("doc.md", DOCUMENT)
        for part in (fail_all, fill, limit):
            n, bad = part(stage)
            tried += n
            wrong += bad
    print(f"disk-full: {tried} failures, {wrong} with a step handed over "
          "after one, run twice, or not told (bar: 0)")
    sys.exit(wrong > 0)


main()
