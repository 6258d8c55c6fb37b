"""Stop the sshd of a connection, and see when the program notices."""

import os
import signal
import sys
import time

from stage import Sshd, Stage, full, skip, until

ROUNDS = int(os.environ.get("ROUNDS", 6 if full() else 2))
ALIVE = ((1, 1), (1, 2), (1, 3))  # interval in s, how many without an answer
BUSY_S = 2  # and a busy machine

DOCUMENT = """# Doc

```bash
ssh hemma "cat {pipe}"
```
"""


def opened(pipe):
    """The end to write to, once the command there reads PIPE. It says nothing
    and only reads: what became of it is not asked, which takes time too."""
    try:
        return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
    except OSError:
        return None


def measure(stage, sshd, interval, count):
    """Seconds from the silence to the end, and what was said."""
    pipe = stage.path("pipe")
    if not os.path.exists(pipe):
        os.mkfifo(pipe)
    stage.write("doc.md", DOCUMENT.format(pipe=pipe))
    sshd.client(stage, more=f"ServerAliveInterval {interval}\n"
                            f"ServerAliveCountMax {count}\n")
    with stage.start("run", "doc.md", "-F", sshd.config) as p:
        left, end = [], None
        try:
            end = until(lambda: opened(pipe), 30)
            if not end:
                return None, "the command did not begin"
            left = sshd.children()
            begun = time.monotonic()
            for pid in sshd.connections():
                os.kill(pid, signal.SIGSTOP)
            said = b""
            os.set_blocking(p.stderr.fileno(), False)
            limit = begun + interval * (count + 1) + 20

            def told():
                nonlocal said
                said += p.stderr.read() or b""
                return b"does not answer" in said or p.poll() is not None

            until(told, limit - time.monotonic())
            took = time.monotonic() - begun
        finally:
            if end:
                os.close(end)
            for pid in left:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            p.kill()
    return took, said.decode("utf-8", "replace")


def main():
    if not Sshd.there():
        skip("silent-peer", "sshd")
    wrong, worst, least = [], 0.0, 1e9
    with Stage() as stage:
        sshd = Sshd(stage)
        for i in range(ROUNDS):
            interval, count = ALIVE[i % len(ALIVE)]
            took, said = measure(stage, sshd, interval, count)
            if took is None or "does not answer" not in said:
                wrong.append(f"{interval} s x {count}: {said[-400:]!r}")
                continue
            after = took - interval * count
            worst, least = max(worst, after), min(least, after)
            if after > interval + BUSY_S:
                wrong.append(f"{interval} s x {count}: {after:.2f} s after")
            if after < -0.05:
                wrong.append(f"{interval} s x {count}: {-after:.2f} s before")
    for line in wrong:
        print(f"silent-peer: {line}")
    print(f"silent-peer: {ROUNDS} silences, noticed {least:.2f} to "
          f"{worst:.2f} s after the keepalive time "
          f"(at most {ALIVE[0][0] + BUSY_S} s)")
    return 1 if wrong else 0


sys.exit(main())
