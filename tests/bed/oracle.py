"""What a row says of the world, against two looks at it.

A statement is KEY:HOW, KEY a pattern as of file names; keys that no statement
names must be as they were. One that names a key outright counts before patterns,
a later pattern before an earlier one.

    new      is there, and not as it was      +2 -3    so much more or less
    gone     is there no more                 =TEXT    is TEXT
    any      whatever it is                   ~REGEX   is like that
    {KEY}    is what KEY is now               {KEY@before}   is what KEY was
"""
import fnmatch
import re

OBSERVABILITY = "prometheus", "jaeger", "loki", "promtail", "grafana"
WEB = "container.skriptoteket-web"

# Words for what comes often.
WORDS = {
    "web-restarted": [f"{WEB}.started:new"],
    "web-replaced": [f"{WEB}.started:new", f"{WEB}.id:new"],
    "web-rebuilt": [f"{WEB}.started:new", f"{WEB}.id:new", f"{WEB}.image:new"],
    "web-gone": [f"{WEB}.*:gone", "web.version:gone"],
    "observability-restarted": [f"container.{n}.started:new" for n in OBSERVABILITY],
    "observability-replaced": [
        f"container.{n}.{what}:new" for n in OBSERVABILITY for what in ("started", "id")
    ],
    "observability-gone": [f"container.{n}.*:gone" for n in OBSERVABILITY],
    "observability-there": [f"container.{n}.state:=running" for n in OBSERVABILITY]
    + [f"container.{n}.*:any" for n in OBSERVABILITY],
}

# The hourly timer of the host fires when it likes.
CLOCK = "unit.session-files.timer.fired"


class Statement:
    def __init__(self, text):
        self.text = text
        self.pattern, _, self.how = text.partition(":")
        if not self.how:
            raise SystemExit(f"procedures.tsv: '{text}' says nothing")

    def covers(self, key):
        return fnmatch.fnmatchcase(key, self.pattern)

    def holds(self, key, before, after):
        was, now, how = before.get(key), after.get(key), self.how
        if how == "any":
            return True
        if how == "gone":
            return now in (None, "", "none")
        if now is None:
            return False
        if how == "new":
            return now not in ("", "none") and now != was
        if re.fullmatch(r"[+-]\d+", how):
            return int(now) - int(was or 0) == int(how)
        if how.endswith("@before}"):
            return now == before.get(how[1 : -len("@before}")])
        if how.startswith("{"):
            return now == after.get(how[1:-1])
        if how.startswith("~"):
            return re.fullmatch(how[1:], now) is not None
        return how.startswith("=") and now == how[1:]


def statements(text):
    """Those that the column TEXT holds, words replaced."""
    return [
        Statement(one) for word in text.split() for one in WORDS.get(word, [word])
    ]


def statement_of(said, key):
    """What counts for KEY, or None."""
    covering = [s for s in said if s.covers(key)]
    outright = [s for s in covering if s.pattern == key]
    return (outright or covering or [None])[-1]


def differences(said, before, after):
    """One line for everything that is not as the statements SAID."""
    wrong = []
    keys = sorted(set(before) | set(after))
    for statement in said:
        if not any(statement.covers(key) for key in keys):
            wrong.append(f"{statement.pattern} is nowhere, neither before nor after")
    for key in keys:
        was, now = before.get(key), after.get(key)
        statement = statement_of(said, key)
        if before.get(CLOCK) != after.get(CLOCK) and key.startswith(
            "unit.session-files."
        ):
            continue
        if not statement and was != now:
            wrong.append(f"{key} was {was!r}, is {now!r}, and should have stayed")
        elif statement and not statement.holds(key, before, after):
            wrong.append(f"{key} was {was!r}, is {now!r}, not {statement.how}")
    return wrong
