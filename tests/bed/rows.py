"""procedures.tsv: one row for each way of running a procedure."""
import os
import re
import shlex

import oracle
from people import HERE

COLUMNS = "name document procedure options dialog given exit says world lint".split()


class Row:
    """name       one word, for messages and --only
    document   seed, or own: runbooks/home-server.md
    procedure  as for 'runbook run'
    options    of 'runbook run'; '--confirm @2' is that of step 2 as the plan
               prints it, '--set-file NAME=@FILE' a file of people.SECRETS,
               {KEY} what the world has there beforehand
    dialog     at a terminal, divided by ' ; ' (tests/script/terminal.c);
               'interrupt TEXT': no terminal, but Ctrl-C once TEXT has come
    given      what the world is like beforehand (agent/given.py)
    exit       the exit status
    says       what the program prints, patterns divided by ' ;; '; after '!'
               one that it must not print
    world      what has become of it (oracle.py)
    lint       RULE@LINE…: what 'runbook lint' says beforehand
    """

    def __init__(self, line):
        fields = line.split("\t")
        if len(fields) != len(COLUMNS):
            raise SystemExit(f"procedures.tsv: {len(fields)} fields in: {line[:60]}")
        row = dict(zip(COLUMNS, ("" if text == "-" else text for text in fields)))
        self.name, self.document = row["name"], row["document"]
        self.procedure, self.words = row["procedure"], shlex.split(row["options"])
        self.dialog = "".join(part + "\n" for part in row["dialog"].split(" ; "))
        self.given = row["given"].split()
        self.exit = int(row["exit"])
        self.says = [part for part in row["says"].split(" ;; ") if part]
        self.world = oracle.statements(row["world"])
        self.lint = row["lint"].split()

    def arguments(self, operator, world):
        """Of the program, for the operator, in WORLD."""
        document = operator.documents[self.document]
        words = [re.sub(r"=@", f"={operator.folder}/", word) for word in self.words]
        words = [re.sub(r"{(.*)}", lambda m: world[m[1]], word) for word in words]
        if any(word.startswith("@") for word in words):
            words = self.confirmed(operator, words)
        return ["run", document, self.procedure, "--ssh-config", operator.config, *words]

    def confirmed(self, operator, words):
        bare = list(words)
        while "--confirm" in bare:
            at = bare.index("--confirm")
            del bare[at : at + 2]
        ids = operator.confirmations(self.document, self.procedure, bare)
        return [ids[word[1:]] if word.startswith("@") else word for word in words]


def read():
    with open(os.path.join(HERE, "procedures.tsv"), encoding="utf-8") as file:
        lines = file.read().splitlines()
    if lines[0].split("\t") != COLUMNS:
        raise SystemExit("procedures.tsv: not the columns that rows.py knows")
    return [Row(line) for line in lines[1:]]
