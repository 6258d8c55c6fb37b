"""Hostile values for parameters, in every place where a value may stand: they
come out as they went in, byte by byte, and nothing in them is executed."""

import os
import random
import sys

from stage import Sshd, Stage

VALUES = int(os.environ.get("VALUES", 6000))
SEED = int(os.environ.get("SEED", 5))
BATCH = 400  # values of one run
LONGEST = 60
METACHARACTERS = " \t\n\"'`$\\!#&()*;<>?[]{|}~"
CANARY = "executed"  # a file that is there when something of a value was run

# What stands before the values, around each of them (V), and behind them. SAY
# prints its arguments with a NUL behind each.
LOCAL = {
    "bare": ("SAY", "V", ""),
    "double": ("SAY", '"V"', ""),
    "single": ("SAY", "'V'", ""),
    "within a word": ("SAY", 'V', ""),
    "list": ("list=(", "V", ") && SAY \"${list[@]}\""),
    "loop": ("for one in", '"V"', '; do SAY "$one"; done'),
    "substitution": ('SAY "$(SAY', '"V"', "| od -An -v -tx1 | tr -d ' \\n')\""),
    "heredoc": ("cat <<END\n", "V\n", "END"),
    "double > bare": ('sh -c "SAY', "V", '"'),
    "double > double": ('sh -c "SAY', '\\"V\\"', '"'),
    "double > single": ('sh -c "SAY', "'V'", '"'),
    "single > bare": ("sh -c 'SAY", "V", "'"),
    "single > double": ("sh -c 'SAY", '"V"', "'"),
    "heredoc > bare": ("bash -s <<END\nSAY", "V", "\nEND"),
    "heredoc > single": ("bash -s <<END\nSAY", "'V'", "\nEND"),
    "quoted heredoc > double": ("bash -s <<'END'\nSAY", '"V"', "\nEND"),
    "single > double > bare": ("bash -c 'bash -c \"SAY", "V", "\"'"),
    "double > single > double": (
        "bash -c \"bash -c 'SAY", '\\"V\\"', "'\""),
}
# OUT is where it prints to; without it, it does so on this machine. With it the
# whole text goes to the host at once, and no bash of this machine reads it.
HOSTS = {
    "remote > bare": ("ssh hemma SAY", "V", "\\>OUT"),
    "remote > double > bare": ('ssh hemma "SAY', "V", '> OUT"'),
    "remote > double > double": ('ssh hemma "SAY', '\\"V\\"', '> OUT"'),
    "remote > double > single": ('ssh hemma "SAY', "'V'", '> OUT"'),
    "remote > single > bare": ("ssh hemma 'SAY", "V", "> OUT'"),
    "remote > single > double": ("ssh hemma 'SAY", '"V"', "> OUT'"),
    "remote > double > single > bare": (
        "ssh hemma \"sh -c 'SAY", "V", "' > OUT\""),
    "ssh > bare": ("ssh hemma SAY", "V", ""),
    "ssh > double > bare": ('ssh hemma "SAY', "V", '"'),
    "ssh > double > double": ('ssh hemma "SAY', '\\"V\\"', '"'),
    "ssh > double > single": ('ssh hemma "SAY', "'V'", '"'),
    "ssh > single > bare": ("ssh hemma 'SAY", "V", "'"),
    "ssh > single > double": ("ssh hemma 'SAY", '"V"', "'"),
    "ssh > heredoc > double": ("ssh hemma bash -s <<END\nSAY", '"V"', "\nEND"),
    "ssh > ssh > double > single > bare": (
        "ssh hemma \"ssh -F CONFIG web1 'SAY", "V", "'\""),
    "ssh > ssh > double > single > double": (
        "ssh hemma \"ssh -F CONFIG web1 'SAY", '\\"V\\"', "'\""),
    "ssh > ssh > single > double > bare": (
        "ssh hemma 'ssh -F CONFIG web1 \"SAY", "V", "\"'"),
    "ssh > ssh > single > double > double": (
        "ssh hemma 'ssh -F CONFIG web1 \"SAY", '\\"V\\"', "\"'"),
}


def canaries(place):
    """Each of them makes a file when it is taken for more than a value."""
    it = f"touch {place}/{CANARY}"
    return [
        f"$({it})", f"`{it}`", f"; {it};", f"&& {it}", f"| {it}", f"\n{it}\n",
        f"'; {it}; '", f'"; {it}; "', f"'$({it})'", f'"$({it})"', f"\\$({it})",
        f"\\\\$({it})", f"'\"$({it})\"'", f"\\'$({it})", f"a[$({it})]",
        f"<({it})", f"${{x:-$({it})}}", f"$(({it}))", f"\nEND\n{it}\n",
        f"}} {it}", f"& {it} &", f"\\`{it}\\`", f"'\\''; {it}; '\\''",
        f"%s\\0$({it})", f"!{it}", f"-e {it}", f"$'\\n{it}\\n'", f"\r{it}",
    ]


def values_of(place):
    """Bytes, pairs, canaries, what documents hold, and then chance."""
    for byte in range(1, 256):
        yield bytes([byte])
    for first in METACHARACTERS:
        for second in METACHARACTERS:
            yield f"{first}{second}".encode()
    for canary in canaries(place):
        yield canary.encode()
        yield f"x{canary}".encode()
        yield f"{canary} y".encode()
    for text in ("{{v1}}", "<v1>", "${RB_Q1}", "--", "-n", "=", "~root", "END",
                 "\\", "\\\\", "'", "''", '"', '""', "é", "\u202e", "a\nb\n",
                 "\n", "\n\n", " ", "*", "/*", "{a,b}", "!!", "^a^b", "#"):
        yield text.encode()
    while True:
        length = random.randrange(1, LONGEST)
        if random.random() < 0.5:
            yield bytes(random.randrange(1, 256) for _ in range(length))
        else:
            yield "".join(random.choice(METACHARACTERS + "aé0")
                          for _ in range(length)).encode()


def fits(shape, value):
    """Would it be refused there? A here-document may not hold what ends it,
    nor lines that begin with a tab."""
    lines = value.split(b"\n")
    return "heredoc" not in shape or not (
        any(line.startswith(b"\t") or line == b"END" for line in lines)
        or b"END".endswith(lines[0]) or b"END".startswith(lines[-1])
        or value in b"END"
    )


def document(stage, shapes, given):
    """Every shape as a step that writes to a file of its number."""
    say = stage.path("say")
    params = ", ".join(f"v{i}: {{dash: true, pattern: '(?s).*'}}"
                       for i in range(len(given)))
    blocks = []
    for number, (shape, parts) in enumerate(shapes.items()):
        before, each, behind = parts
        values = " ".join(each.replace("V", f"{{{{v{i}}}}}")
                          for i, value in enumerate(given)
                          if fits(shape, value))
        if each.endswith("\n"):
            values = values.replace("\n ", "\n")
        text = f"{before} {values}{behind}".replace("\n ", "\n")
        text = text.replace("SAY", say).replace("CONFIG",
                                                stage.path("ssh_config"))
        out = f"out.{number}"
        if "OUT" in text:
            text = text.replace("OUT", stage.path(out))
        else:
            text = f"{{\n{text}\n}} > {out}"
        blocks.append(f"```bash\n{text}\n```\n")
    return f"<!-- runbook: {{params: {{{params}}}}} -->\n# Doc\n\n" \
        + "\n".join(blocks)


def wanted(shape, values):
    if shape == "heredoc":
        return b"".join(v + b"\n" for v in values)
    said = b"".join(v + b"\0" for v in values)
    return said.hex().encode() + b"\0" if shape == "substitution" else said


def first_difference(got, values):
    for value, other in zip(values, got.split(b"\0")):
        if value != other:
            return f"{value!r} came as {other!r}"
    return f"{len(got)} bytes came"


def try_batch(stage, shapes, values):
    """How many values came out wrong in a place."""
    wrong = 0
    args = ["run", "doc.md", "--no-input", "--allow", "unknown"]
    if stage.sshd:
        args += ["-F", "ssh_config"]
    stage.write("doc.md", document(stage, shapes, values))
    for i, value in enumerate(values):
        with open(stage.path(f"v{i}"), "wb") as f:
            f.write(value + b"\n")  # the last line end is not part of it
        args += ["--set-file", f"v{i}=v{i}"]
    for number in range(len(shapes)):
        if os.path.exists(stage.path(f"out.{number}")):
            os.unlink(stage.path(f"out.{number}"))
    end = stage.run(*args)
    if end.status != 0:
        print(f"--- status {end.status}: {end.err[:2000]}")
    for number, shape in enumerate(shapes):
        try:
            with open(stage.path(f"out.{number}"), "rb") as f:
                got = f.read()
        except FileNotFoundError:
            got = b""
        here = [value for value in values if fits(shape, value)]
        if got != wanted(shape, here):
            wrong += 1
            print(f"--- {shape}: {first_difference(got, here)}")
    return wrong


def main():
    random.seed(SEED)
    mismatches = tried = 0
    with Stage() as stage:
        shapes = dict(LOCAL)
        if Sshd.there():
            Sshd(stage)
            shapes.update(HOSTS)
        else:
            print("hostile-values: no sshd; hosts were left out")
        stage.write("say", "#!/bin/sh\nexec printf '%s\\0' \"$@\"\n")
        os.chmod(stage.path("say"), 0o700)
        source = values_of(stage.work)
        while tried < VALUES:
            values = [next(source) for _ in range(min(BATCH, VALUES - tried))]
            tried += len(values)
            mismatches += try_batch(stage, shapes, values)
        executed = [os.path.join(folder, CANARY)
                    for folder, _, files in os.walk(stage.folder)
                    if CANARY in files]
    print(f"hostile-values: {tried} values in {len(shapes)} places, up to two "
          f"hosts deep: {mismatches} mismatches, {len(executed)} executed "
          f"(bar: 0, 0) (SEED={SEED})")
    sys.exit(mismatches > 0 or len(executed) > 0)


main()
