#!/usr/bin/env python3
"""Run the rows of procedures.tsv on the bed and look at the world.

    tests/bed/check.py [--passes N] [--only PATTERN]… [--verbose]

Needs a bed that is up, and the program. A row is arranged, run by the
operator, and judged by what the world is like before and after it. Prints a
line for each row that fails, with what it printed, and at the end
'bed: N passed, M failed'.
"""
import argparse
import fnmatch
import json
import re
import signal
import sys
import time

import oracle
import rows
from people import Agent, Operator, Trouble, environment

SETTLE_S = 15


class Bed:
    def __init__(self):
        env = environment()
        self.agent = Agent(env)
        self.operator = Operator(env)
        self.findings = {}

    # ---- what lint says ------------------------------------------------------------

    def lint(self, name):
        if name not in self.findings:
            _, text = self.operator.call(
                "lint", "--format", "json", self.operator.documents[name]
            )
            found = self.findings[name] = set()
            for finding in json.loads(text)["findings"]:
                for place in [finding, *finding["related"]]:
                    found.add(f"{finding['rule']}@{place['line']}")
        return self.findings[name]

    # ---- one row -------------------------------------------------------------------

    def run(self, row, before):
        arguments = row.arguments(self.operator, before)
        if not row.dialog.startswith("interrupt "):
            return self.operator.call(*arguments, dialog=row.dialog.strip() and row.dialog)
        call = self.operator.start(*arguments)
        call.wait_for(row.dialog[len("interrupt ") :].strip())
        call.signal(signal.SIGINT)
        return call.end()

    def settled(self, row, before):
        """What is wrong with the world, once it has come to rest."""
        until = time.monotonic() + SETTLE_S
        while True:
            wrong = oracle.differences(row.world, before, self.agent.world())
            if not wrong or time.monotonic() > until:
                return wrong
            time.sleep(0.2)

    def judge(self, row):
        """(lines about what is wrong, what the program printed)."""
        wrong = [f"lint does not say {l}" for l in row.lint if l not in self.lint(row.document)]
        before = self.agent.arrange(row.given)
        status, text = self.run(row, before)
        if status != row.exit:
            wrong.append(f"it ended with status {status}, not {row.exit}")
        for pattern in row.says:
            wanted = not pattern.startswith("!")
            if bool(re.search(pattern.lstrip("!"), text, re.M)) != wanted:
                wrong.append(f"it printed what it should not: {pattern}" if not wanted
                             else f"it did not print: {pattern}")
        return wrong + self.settled(row, before), text


def parse():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--passes", type=int, default=1)
    p.add_argument("--only", action="append", default=[])
    p.add_argument("--verbose", action="store_true")
    return p.parse_args()


def main():
    args = parse()
    bed = Bed()
    chosen = [
        row for row in rows.read()
        if not args.only or any(fnmatch.fnmatch(row.name, p) for p in args.only)
    ]
    skipped = [row for row in chosen if row.document not in bed.operator.documents]
    if skipped:
        print(f"bed: {len(skipped)} rows skipped: there is no TEST_DATA/seed/home-server.md")
    passed = failed = 0
    for n in range(args.passes):
        for row in chosen:
            if row in skipped:
                continue
            began = time.monotonic()
            try:
                wrong, text = bed.judge(row)
            except Trouble as error:
                wrong, text = [str(error)], ""
            if args.verbose or wrong:
                took = time.monotonic() - began
                print(f"{'FAILED' if wrong else 'ok':7}{row.name}  {took:.1f} s")
            if wrong:
                print("".join(f"    {line}\n" for line in wrong) + text.rstrip())
            sys.stdout.flush()
            failed += bool(wrong)
            passed += not wrong
    bed.agent.close()
    print(f"bed: {passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
