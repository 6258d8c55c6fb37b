#!/usr/bin/env python3
"""Run the rows of procedures.tsv and the faults on the bed, and look at the
world.

    tests/bed/check.py [--passes N] [--only PATTERN]… [--verbose]

Needs a bed that is up, and the program. A row is arranged, run by the
operator, and judged by what the world is like before and after it. Prints a
line for each row that fails, with what it printed, and at the end
'bed: N passed, M failed'.
"""
import argparse
import fnmatch
import sys
import threading
import time

import faults
import rows
from bed import beds, spread
from people import Trouble


def parse():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--passes", type=int, default=1)
    p.add_argument("--only", action="append", default=[])
    p.add_argument("--verbose", action="store_true")
    return p.parse_args()


def chosen(patterns, known):
    """[(name, how to judge it)]: faults, which take longest, then rows."""
    tests = [("fault-" + fault.__name__.replace("_", "-"),
              lambda bed, fault=fault: faults.run(bed, fault)) for fault in faults.FAULTS]
    tests += [(row.name, lambda bed, row=row: bed.judge(row)) for row in rows.read()
              if row.document in known]
    return [
        (name, judge) for name, judge in tests
        if not patterns or any(fnmatch.fnmatch(name, p) for p in patterns)
    ]


class Tally:
    """How many have passed and failed; each is told of once."""

    def __init__(self, verbose):
        self.verbose = verbose
        self.passed = self.failed = 0
        self.lock = threading.Lock()

    def run(self, bed, name, judge):
        began = time.monotonic()
        try:
            wrong, text = judge(bed)
        except Trouble as error:
            wrong, text = [str(error)], ""
        took = time.monotonic() - began
        with self.lock:
            self.passed, self.failed = self.passed + (not wrong), self.failed + bool(wrong)
            if self.verbose or wrong:
                print(f"{'FAILED' if wrong else 'ok':7}{name}  {took:.1f} s")
            if wrong:
                print("".join(f"    {line}\n" for line in wrong) + text.rstrip())
            sys.stdout.flush()


def main():
    args = parse()
    all_beds = beds()
    known = all_beds[0].operator.documents
    if "seed" not in known:
        print("bed: there is no TEST_DATA/seed/home-server.md; its rows are skipped")
    tally = Tally(args.verbose)
    spread(all_beds, [
        lambda bed, name=name, judge=judge: tally.run(bed, name, judge)
        for _ in range(args.passes) for name, judge in chosen(args.only, known)
    ])
    for bed in all_beds:
        bed.agent.close()
    print(f"bed: {tally.passed} passed, {tally.failed} failed")
    return tally.failed != 0


if __name__ == "__main__":
    sys.exit(main())
