"""A step that prints without end, and one that prints a single line."""

import os
import subprocess
import sys

from stage import Stage, full

GIB = 1 << 30
FLOOD_GIB = int(os.environ.get("GIB", 10 if full() else 2))
MOST_MIB = 64
LEAST_MB_S = 100  # of processor time, with that of the programs that print
KEPT_MIB = 33  # of the transcript, with the record of what was left out

DOCUMENT = f"""# Doc

## Flood

```bash {{expect: {{contains: the-end}}}}
{{ yes '0123456789abcdef 0123456789abcdef 01234567' | head -c {FLOOD_GIB}G; echo the-end; }}
```

## Line

```bash {{expect: {{regex: "xend"}}}}
{{ head -c 1G /dev/zero | tr '\\0' x; printf end; }}
```

## Binary

```bash
head -c 64M /dev/urandom
```
"""

SIZES = {"flood": FLOOD_GIB * GIB + 8, "line": GIB + 3, "binary": 64 << 20}


def transcripts(stage):
    return sum(os.path.getsize(os.path.join(stage.runs()[-1], name))
               for name in os.listdir(stage.runs()[-1])
               if name.endswith(".out"))


def run(stage, place):
    """What went wrong; the MiB that it took at most, the seconds of processor time."""
    p = stage.start("run", "doc.md", place, stdout=subprocess.DEVNULL)
    error = p.stderr.read().decode()
    _, status, usage = os.wait4(p.pid, 0)
    p.returncode = os.waitstatus_to_exitcode(status)
    p.stderr.close()
    seconds = usage.ru_utime + usage.ru_stime
    most, kept = usage.ru_maxrss / 1024, transcripts(stage)
    ends = [r for r in stage.records(stage.runs()[-1]) if r["t"] == "end"]
    wrong = []
    if p.returncode != 0:
        wrong.append(f"status {p.returncode}: {error}")
    if most > MOST_MIB:
        wrong.append(f"{most:.0f} MiB of memory")
    if kept > KEPT_MIB << 20:
        wrong.append(f"a transcript of {kept} bytes")
    if [r.get("out_bytes") for r in ends] != [SIZES[place]]:
        wrong.append(f"told as {[r.get('out_bytes') for r in ends]} bytes")
    return [f"{place}: {what}" for what in wrong], most, seconds


def main():
    with Stage() as stage:
        stage.write("doc.md", DOCUMENT)
        ends = {place: run(stage, place) for place in SIZES}
    wrong = [what for some, _, _ in ends.values() for what in some]
    most = max(memory for _, memory, _ in ends.values())
    speed = SIZES["flood"] / 1e6 / ends["flood"][2]
    if speed < LEAST_MB_S:
        wrong.append(f"{speed:.0f} MB/s")
    for what in wrong:
        print(f"--- {what}")
    print(f"bounded-output: {FLOOD_GIB} GiB at {speed:.0f} MB/s (at least "
          f"{LEAST_MB_S}), a line of 1 GiB, 64 MiB of anything: {most:.0f} "
          f"MiB of memory (at most {MOST_MIB}), {len(wrong)} wrong (bar: 0)")
    sys.exit(len(wrong) > 0)


main()
