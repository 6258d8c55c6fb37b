"""One bed: who looks at it, who works with it, and how a row is judged."""
import concurrent.futures
import json
import queue
import re
import signal
import time

import oracle
from people import Agent, Operator, environment, hemmas

SETTLE_S = 15


class Bed:
    def __init__(self, env, hemma):
        self.agent = Agent(env, hemma)
        self.operator = Operator(env, hemma)
        self.findings = {}
        self.settle_s = SETTLE_S

    # ---- what is the case ----------------------------------------------------------

    def lint(self, name):
        """{"RULE@LINE"} of all that lint says of a document."""
        if name not in self.findings:
            _, text = self.operator.call(
                "lint", "--format", "json", self.operator.documents[name]
            )
            found = self.findings[name] = set()
            for finding in json.loads(text)["findings"]:
                for place in [finding, *finding["related"]]:
                    found.add(f"{finding['rule']}@{place['line']}")
        return self.findings[name]

    def settled(self, statements, before):
        """What is wrong with the world, once it has come to rest."""
        until = time.monotonic() + self.settle_s
        while True:
            wrong = oracle.differences(statements, before, self.agent.world())
            if not wrong or time.monotonic() > until:
                return wrong
            time.sleep(0.2)

    # ---- one row -------------------------------------------------------------------

    def run(self, row, before):
        arguments = row.arguments(self.operator, before)
        if not row.dialog.startswith("interrupt "):
            return self.operator.call(*arguments, dialog=row.dialog.strip() and row.dialog)
        call = self.operator.start(*arguments)
        try:
            call.wait_for(row.dialog[len("interrupt ") :].strip())
        finally:
            call.signal(signal.SIGINT)
            ended = call.end()
        return ended

    def judge(self, row):
        """(lines about what is wrong, what the program printed)."""
        wrong = [
            f"lint does not say {one}"
            for one in row.lint
            if one not in self.lint(row.document)
        ]
        before = self.agent.arrange(row.given)
        status, text = self.run(row, before)
        wrong += said_otherwise(status, row.exit, text, row.says)
        return wrong + self.settled(row.world, before), text


def beds():
    """One for each home server that is up."""
    env = environment()
    return [Bed(env, hemma) for hemma in hemmas(env)]


def spread(all_beds, jobs):
    """Call each of JOBS with a bed, as soon as one has nothing to do. Those that
    are on different beds do not see each other."""
    left = queue.SimpleQueue()
    for job in jobs:
        left.put(job)

    def work(bed):
        while True:
            try:
                job = left.get_nowait()
            except queue.Empty:
                return
            job(bed)

    with concurrent.futures.ThreadPoolExecutor(len(all_beds)) as pool:
        workers = [pool.submit(work, bed) for bed in all_beds]
    for worker in workers:
        worker.result()  # what a job has raised ends everything


def said_otherwise(status, wanted_status, text, patterns):
    """How a call ended otherwise than it should."""
    wrong = []
    if status != wanted_status:
        wrong.append(f"it ended with status {status}, not {wanted_status}")
    for pattern in patterns:
        found = re.search(pattern.lstrip("!"), text, re.M)
        if pattern.startswith("!") and found:
            wrong.append(f"it printed what it should not: {pattern[1:]}")
        elif not pattern.startswith("!") and not found:
            wrong.append(f"it did not print: {pattern}")
    return wrong
