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
import time

import faults
import rows
from bed import Bed
from people import Trouble


def parse():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--passes", type=int, default=1)
    p.add_argument("--only", action="append", default=[])
    p.add_argument("--verbose", action="store_true")
    return p.parse_args()


def chosen(patterns, known):
    """[(name, how to judge it)]: rows, then faults."""
    tests = [(row.name, lambda bed, row=row: bed.judge(row)) for row in rows.read()
             if row.document in known]
    tests += [("fault-" + fault.__name__.replace("_", "-"),
               lambda bed, fault=fault: faults.run(bed, fault)) for fault in faults.FAULTS]
    return [
        (name, judge) for name, judge in tests
        if not patterns or any(fnmatch.fnmatch(name, p) for p in patterns)
    ]


def run_one(bed, name, judge, verbose):
    """Tell of it; False when something is wrong."""
    began = time.monotonic()
    try:
        wrong, text = judge(bed)
    except Trouble as error:
        wrong, text = [str(error)], ""
    if verbose or wrong:
        took = time.monotonic() - began
        print(f"{'FAILED' if wrong else 'ok':7}{name}  {took:.1f} s")
    if wrong:
        print("".join(f"    {line}\n" for line in wrong) + text.rstrip())
    sys.stdout.flush()
    return not wrong


def main():
    args = parse()
    bed = Bed()
    if "seed" not in bed.operator.documents:
        print("bed: there is no TEST_DATA/seed/home-server.md; its rows are skipped")
    passed = failed = 0
    for _ in range(args.passes):
        for name, judge in chosen(args.only, bed.operator.documents):
            if run_one(bed, name, judge, args.verbose):
                passed += 1
            else:
                failed += 1
    bed.agent.close()
    print(f"bed: {passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
