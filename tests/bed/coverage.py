#!/usr/bin/env python3
"""Which procedures and steps no row runs.

    tests/bed/coverage.py PROGRAM

Every procedure that PROGRAM lists in either document needs a row, and every
command and file of the first one (by hand, $TEST_DATA/seed/procedures.tsv) a
row that runs it rather than refuses. Prints a line for each that is missing and
'coverage: N procedures, M steps'; the status is 1 when anything is missing.
"""
import json
import os
import subprocess
import sys

import rows
from people import DATA, TOP

DOCUMENTS = {
    "seed": os.path.join(DATA, "seed/home-server.md"),
    "own": os.path.join(TOP, "runbooks/home-server.md"),
}


def procedures(program, document):
    said = subprocess.run(
        [program, "list", "--json", document], stdout=subprocess.PIPE, check=True
    )
    return [p["path"] for book in json.loads(said.stdout)["runbooks"] for p in book["procedures"]]


def steps_by_hand():
    """(procedure, number) of each step of the first document."""
    path = os.path.join(DATA, "seed/procedures.tsv")
    if not os.path.exists(path):
        return
    with open(path, encoding="utf-8") as file:
        lines = file.read().splitlines()
    columns = lines[0].split("\t")
    for line in lines[1:]:
        step = dict(zip(columns, line.split("\t")))
        if step["kind"] in ("command", "file"):
            yield step["procedure"], step["step"]


def runs(row, step):
    """True when ROW may come to STEP: it is none that must be refused."""
    if row.exit in (2, 3):
        return False
    picked = [row.words[i + 1] for i, word in enumerate(row.words) if word == "--step"]
    return step in picked or not picked


def main():
    program = sys.argv[1]
    table = rows.read()
    missing, n_procedures, n_steps = [], 0, 0
    for name, document in DOCUMENTS.items():
        if not os.path.exists(document):
            print(f"coverage: there is no {document}")
            continue
        for procedure in procedures(program, document):
            n_procedures += 1
            if not any(r.document == name and r.procedure == procedure for r in table):
                missing.append(f"{name}: {procedure}")
    for procedure, step in steps_by_hand():
        n_steps += 1
        if not any(
            r.document == "seed" and r.procedure == procedure and runs(r, step) for r in table
        ):
            missing.append(f"seed: {procedure}, step {step}")
    for line in missing:
        print(f"  no row: {line}")
    print(f"coverage: {n_procedures} procedures, {n_steps} steps, {len(missing)} without a row")
    return bool(missing)


if __name__ == "__main__":
    sys.exit(main())
