"""What the program costs beside what it runs: one table, in one run."""

import json
import os
import shutil
import subprocess
import sys
import time

from stage import PROGRAM, Sshd, Stage

ROUNDS = int(os.environ.get("ROUNDS", 5))
STRICT = os.environ.get("STRICT") == "1"
DRIVERS = os.path.realpath(os.environ.get("DRIVERS", "build/release/bars"))
DATA = os.environ.get("TEST_DATA", "../shared/data")
LOCAL, REMOTE = 1000, 100  # steps


def document(commands):
    return "# Doc\n\n```bash\n" + "\n".join(commands) + "\n```\n"


class Bench:
    """Measures, and keeps what it has measured by name."""

    def __init__(self, stage):
        self.stage, self.ms, self.rows = stage, {}, []

    def wall(self, argv):
        began = time.perf_counter()
        subprocess.run(
            argv, cwd=self.stage.work, env=self.stage.environment(),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True,
        )
        return (time.perf_counter() - began) * 1e3

    def measure(self, rounds=ROUNDS, **programs):
        """The least of several rounds of each of PROGRAMS, in turn: whatever
        else the machine does falls on all of them."""
        for _ in range(rounds):
            for name, argv in programs.items():
                ms = self.wall(argv)
                self.ms[name] = min(ms, self.ms.get(name, ms))

    def row(self, what, value, goal, most, unit):
        """GOAL is for an idle machine, MOST for any."""
        self.rows.append({"what": what, "value": round(value, 4),
                          "goal": goal, "most": goal if STRICT else most,
                          "unit": unit})


def local(bench):
    stage = bench.stage
    reads = [f"test {i} -ge 0" for i in range(LOCAL)]
    changes = [f"echo {i} >> f" for i in range(LOCAL)]
    for name, commands in (("reads", reads), ("changes", changes),
                           ("one", reads[:1])):
        stage.write(f"{name}.md", document(commands))
        stage.write(f"{name}.sh", "\n".join(commands))
    bench.measure(
        ours_reads=[PROGRAM, "run", "reads.md"],
        bash_reads=["bash", "reads.sh"],
        ours_changes=[PROGRAM, "run", "changes.md"],
        bash_changes=["bash", "changes.sh"],
        ours_one=[PROGRAM, "run", "one.md"],
        bash_one=["bash", "one.sh"],
    )
    ms = bench.ms
    for kind, goal, most, what in (
        ("reads", 0.1, 2, "a local step that reads, over bash"),
        ("changes", 0.6, 6, "a local step with a durable journal, over bash"),
    ):
        start = ms["ours_one"] - ms["bash_one"]
        cost = (ms[f"ours_{kind}"] - ms[f"bash_{kind}"] - start) / (LOCAL - 1)
        bench.row(what, cost, goal, most, "ms")


def remote(bench):
    stage, sshd = bench.stage, bench.stage.sshd
    stage.write("remote.md", document(["ssh hemma true"] * REMOTE))
    stage.write("remote1.md", document(["ssh hemma true"]))
    stage.write("shim.md", document(
        [f"for i in $(seq {REMOTE}); do ssh hemma true; done"]))
    stage.write("fresh.sh", "for i in 1 2 3 4 5; do "
                            "ssh -F ssh_config hemma true; done")
    master = f"-F ssh_config -o ControlPath={stage.folder}/cm"
    stage.write("master.sh", f"for i in $(seq {REMOTE}); do "
                             f"ssh {master} hemma true; done")
    with subprocess.Popen(
        f"exec ssh {master} -o ControlMaster=yes -N hemma", shell=True,
        cwd=stage.work, env=stage.environment(),
    ) as p:
        try:
            for _ in range(200):
                if os.path.exists(f"{stage.folder}/cm"):
                    break
                time.sleep(0.05)
            bench.measure(
                ours_remote=[PROGRAM, "run", "remote.md", "-F", "ssh_config"],
                ours_remote1=[PROGRAM, "run", "remote1.md", "-F",
                              "ssh_config"],
                ours_shim=[PROGRAM, "run", "shim.md", "-F", "ssh_config"],
                fresh=["bash", "fresh.sh"],
                master=["bash", "master.sh"],
            )
        finally:
            p.terminate()
    libssh = []
    for _ in range(ROUNDS):
        libssh.append(float(subprocess.run(
            [f"{DRIVERS}/bench_libssh", str(sshd.port),
             os.environ.get("USER") or "root", f"{sshd.folder}/user_key",
             str(REMOTE), "true"],
            check=True, capture_output=True, text=True,
        ).stdout))
    ms = bench.ms
    ms["libssh_step"] = min(libssh)
    ms["ours_step"] = (ms["ours_remote"] - ms["ours_remote1"]) / (REMOTE - 1)
    ms["fresh_step"] = ms["fresh"] / 5
    bench.row("a remote step, times a bare libssh exec",
              ms["ours_step"] / ms["libssh_step"], 1.15, 4, "times")
    bench.row("a remote step, times a fresh ssh",
              ms["ours_step"] / ms["fresh_step"], 1 / 20, 1 / 8, "times")
    shim = ms["ours_shim"] - ms["ours_remote1"] + ms["ours_step"]
    bench.row("100 calls of ssh in a loop, times ControlMaster",
              shim / ms["master"], 0.7, 1.2, "times")


def reading(bench):
    seed = os.path.realpath(os.path.join(DATA, "seed/home-server.md"))
    if not shutil.which("cmark") or not os.path.exists(seed):
        print("bench: no cmark or no document to read; left out")
        return
    bench.measure(
        10 * ROUNDS,
        plan=[PROGRAM, "plan", seed, "deploy/rollback"],
        list=[PROGRAM, "list", seed],
        cmark=["cmark", seed],
    )
    for name in ("plan", "list"):
        bench.row(f"'{name}' of a document of 600 lines, times cmark",
                  bench.ms[name] / bench.ms["cmark"], 3, 10, "times")


def main():
    with Stage() as stage:
        bench = Bench(stage)
        local(bench)
        if Sshd.there() and os.access(f"{DRIVERS}/bench_libssh", os.X_OK):
            Sshd(stage)
            remote(bench)
        else:
            print("bench: no sshd or no driver; hosts were left out")
        reading(bench)
    for row in bench.rows:
        short = "  SHORT" if row["value"] > row["goal"] else ""
        print(f"bench: {row['what']}: {row['value']:.3f} {row['unit']} (goal "
              f"{row['goal']:.3g}, bar {row['most']:.3g}){short}")
    if os.environ.get("BENCH_JSON"):
        with open(os.environ["BENCH_JSON"], "w", encoding="utf-8") as f:
            json.dump({"rows": bench.rows, "ms": bench.ms}, f, indent=2)
            f.write("\n")
    sys.exit(any(row["value"] > row["most"] for row in bench.rows))


main()
