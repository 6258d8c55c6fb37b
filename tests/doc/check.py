#!/usr/bin/env python3
"""What the documents say, against the program and its tables.

    tests/doc/check.py [--bless] PROGRAM

Runs every '$ ' line of the console blocks of README.md and of the manual's
examples, and every procedure of examples/, each in a folder of its own; and
compares commands, options, keys, rules and exit statuses with the tables that
they are made of. --bless writes into README.md what came; read the diff.

Prints one line per mistake and 'doc: N passed, M failed'.
"""
import fcntl
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from xml.etree import ElementTree

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FOLDERS = "examples", "runbooks", "schema"
TIMEOUT_S = 30


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as f:
        return f.read()


class Failure(Exception):
    pass


def equal(what, here, there):
    """Compare two sets or lists and say what differs."""
    if sorted(here) == sorted(there):
        return
    missing, extra = set(there) - set(here), set(here) - set(there)
    raise Failure(f"{what}: missing {sorted(missing)}, too much {sorted(extra)}")


class Place:
    """A folder with the documents in it and nothing of the user's around."""

    def __init__(self, program):
        self.program = os.path.abspath(program)

    def __enter__(self):
        self.top = tempfile.mkdtemp()
        self.work = os.path.join(self.top, "work")
        for name in "work", "home", "tmp", "bin":
            os.mkdir(os.path.join(self.top, name))
        for name in FOLDERS:
            shutil.copytree(os.path.join(ROOT, name), os.path.join(self.work, name))
        with open(os.path.join(self.work, "password"), "w", encoding="utf-8") as f:
            f.write("correct horse\n")
        os.symlink(self.program, os.path.join(self.top, "bin", "runbook"))
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.top)

    def environment(self):
        return {
            "PATH": os.path.join(self.top, "bin") + ":/usr/local/bin:/usr/bin:/bin",
            "HOME": os.path.join(self.top, "home"),
            "TMPDIR": os.path.join(self.top, "tmp"),
            "LC_ALL": "C.UTF-8",
            "NO_COLOR": "1",
            "TZ": "UTC",
        }

    def run(self, argv, both=True):
        return subprocess.run(
            argv,
            cwd=self.work,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if both else subprocess.PIPE,
            timeout=TIMEOUT_S,
            text=True,
            check=False,
        )

    def runbook(self, *args, both=False):
        return self.run([self.program, *args], both)


WITH_HASH = re.compile(r"(--confirm \S+@)[0-9a-f]{12}")


def confirmed(place, command):
    """COMMAND with the confirmation that it takes in this folder."""
    if not WITH_HASH.search(command):
        return command
    words = shlex.split(WITH_HASH.sub("", command).replace("--no-input", ""))
    for step in json.loads(place.runbook("plan", *words[2:], "--json").stdout)["steps"]:
        name = step["step"] + "@"
        command = re.sub(re.escape(name) + "[0-9a-f]{12}", step["confirm"] or name, command)
    return command


def general(text):
    """Leave out what differs from run to run and from folder to folder."""
    text = re.sub(r"@[0-9a-f]{12}\b", "@HASH", text)
    text = re.sub(r"(runbook resume )[0-9a-f]{8}", r"\1ID", text)
    text = re.sub(r"^[0-9a-f]{8}(  )\d{4}-\d\d-\d\dT[\d:]{8}[+-]\d{4}", r"ID\1TIME", text, flags=re.M)
    return text


# ---- transcripts --------------------------------------------------------------

CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)


def commands_of(block):
    return [line[2:] for line in block.splitlines() if line.startswith("$ ")]


def transcript(place, block):
    """BLOCK with what its commands print now, in one shell."""
    mark = "\x1e"
    script = "status=0\n" + "\n".join(
        f"printf '{mark}'; (exit $status)\n{confirmed(place, c)}\nstatus=$?"
        for c in commands_of(block)
    )
    parts = place.run(["sh", "-c", script]).stdout.split(mark)[1:]
    if len(parts) != len(commands_of(block)):
        raise Failure("the shell ended before the last command")
    return "".join(f"$ {c}\n{out}" for c, out in zip(commands_of(block), parts))


def check_readme(place, bless):
    text = read("README.md")
    blocks = CONSOLE.findall(text)
    if len(blocks) < 3:
        raise Failure("README.md: where are its console blocks?")
    for block in blocks:
        came = transcript(place, block)
        if general(came) == general(block):
            continue
        if not bless:
            raise Failure(f"README.md shows\n{block}\nand this came\n{came}")
        text = text.replace(f"```console\n{block}```", f"```console\n{came}```")
    if bless:
        with open(os.path.join(ROOT, "README.md"), "w", encoding="utf-8") as f:
            f.write(text)


# ---- continuous integration ---------------------------------------------------


def yaml_blocks(text):
    """Name and content of each YAML block that begins with its file's name."""
    for block in re.findall(r"^```yaml\n(.*?)^```$", text, re.M | re.S):
        name = re.match(r"# (\S+)\n", block)
        if name:
            yield name.group(1), block


def load_yaml(text):
    """TEXT read as YAML, or None where Python has no reader."""
    try:
        import yaml
    except ImportError:
        return None
    return yaml.safe_load(text)


def run_ci(place, command, *paths):
    """What COMMAND of an example does in a repository with our own runbooks."""
    done = place.run(["sh", "-c", command + ' "$@"' if paths else command, "sh", *paths], both=False)
    if done.returncode or done.stderr:
        raise Failure(f"'{command}' ended with {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout


def check_ci(place):
    """The examples for GitHub and GitLab do what they are there for."""
    blocks = dict(yaml_blocks(read("README.md")))
    github = load_yaml(blocks[".github/workflows/runbooks.yaml"])
    gitlab = load_yaml(blocks[".gitlab-ci.yml"])
    if github is None:
        return
    steps = github["jobs"]["lint"]["steps"]
    for step in steps:
        if "run" in step:
            run_ci(place, step["run"])
    (upload,) = [s["with"]["sarif_file"] for s in steps if "with" in s]
    with open(os.path.join(place.work, upload), encoding="utf-8") as file:
        if json.load(file)["version"] != "2.1.0":
            raise Failure("README.md: the file that is uploaded is no SARIF")
    for command in gitlab["runbooks"]["script"]:
        run_ci(place, command)
    report = gitlab["runbooks"]["artifacts"]["reports"]["junit"]
    if ElementTree.parse(os.path.join(place.work, report)).getroot().tag != "testsuites":
        raise Failure("README.md: the report is no JUnit XML")


BROKEN = "---\ntype: runbook\n---\n# A\n\n[x](gone.md)\n"


def check_hook(place):
    """pre-commit's hook lints runbooks among the files that it is given."""
    hooks = load_yaml(read(".pre-commit-hooks.yaml"))
    if hooks is None:
        return
    for hook in hooks:
        if not {"id", "name", "entry", "language"} <= set(hook):
            raise Failure(f".pre-commit-hooks.yaml: {hook} is not whole")
    entry = hooks[0]["entry"]
    for name, text in ("runbook.md", BROKEN), ("plain.md", BROKEN.replace("type: runbook", "x: y")):
        with open(os.path.join(place.work, name), "w", encoding="utf-8") as file:
            file.write(text)
    if run_ci(place, entry, "plain.md", "runbooks/home-server.md").count("plain.md"):
        raise Failure("the hook speaks of what is no runbook")
    done = place.run(["sh", "-c", entry + ' "$@"', "sh", "plain.md", "runbook.md"])
    if done.returncode != 1 or "runbook.md:" not in done.stdout or "plain.md:" in done.stdout:
        raise Failure(f"the hook ended with {done.returncode}: {done.stdout}")


def check_matcher(place):
    """GitHub's problem matcher reads the lines of lint."""
    matcher = json.loads(read(".github/runbook-matcher.json"))["problemMatcher"][0]
    pattern = matcher["pattern"][0]
    with open(os.path.join(place.work, "a b.md"), "w", encoding="utf-8") as file:
        file.write(BROKEN)
    lines = place.runbook("lint", "a b.md").stdout.splitlines()
    found = [re.match(pattern["regexp"], line) for line in lines]
    if not found or not all(found):
        raise Failure(f"runbook-matcher.json does not read {lines}")
    link = found[-1]
    if [link.group(pattern[k]) for k in ("file", "line", "column", "severity", "code")] != [
        "a b.md", "6", "1", "warning", "RB3201"]:
        raise Failure(f"runbook-matcher.json reads {link.groups()}")


def check_excerpt(_):
    """The runbook in the README is the one of examples/."""
    block = re.search(r"^````markdown\n(.*?)^````$", read("README.md"), re.M | re.S)
    if not block or block.group(1) not in read("examples/logs.md"):
        raise Failure("README.md: its runbook is not in examples/logs.md")


def check_links(_):
    for target in re.findall(r"\]\((?!https:)([^)#]+)\)", read("README.md")):
        if not os.path.exists(os.path.join(ROOT, target)):
            raise Failure(f"README.md: there is no {target}")


def check_make(_):
    verbs = set(re.findall(r"^([a-z][a-z-]*):.*## ", read("Makefile"), re.M))
    for verb in re.findall(r"(?:^|`)make ([a-z][a-z-]*)", read("README.md"), re.M):
        if verb not in verbs:
            raise Failure(f"README.md: there is no 'make {verb}'")


# ---- the manual ---------------------------------------------------------------


def unroff(line):
    line = line.replace(r"\(dq", '"').replace(r"\(ga", "`").replace(r"\e", "\\")
    return line.replace(r"\&", "")


def section(page, title, mark="Sh"):
    m = re.search(rf"^\.{mark} {re.escape(title)}\n(.*?)(?=^\.S[hs] |\Z)", read(page), re.M | re.S)
    if not m:
        raise Failure(f"{page}: no section {title}")
    return m.group(1)


def literals(text):
    for block in re.findall(r"^\.Bd -literal.*?\n(.*?)^\.Ed$", text, re.M | re.S):
        yield unroff(block)


def check_manual_examples(place):
    n = 0
    for block in literals(section("interpreter/runbook.1", "EXAMPLES")):
        for command in commands_of(block):
            n += 1
            if place.run(["sh", "-c", command]).returncode:
                raise Failure(f"runbook.1: fails: {command}")
    if n < 5:
        raise Failure("runbook.1: where are its examples?")


def check_format_example(place):
    for block in literals(section("interpreter/runbook.5", "EXAMPLES")):
        with open(os.path.join(place.work, "disk.md"), "w", encoding="utf-8") as f:
            f.write(block)
        done = place.runbook("run", "disk.md")
        if done.returncode or done.stderr:
            raise Failure(f"runbook.5: its example: {done.stderr}{done.stdout}")


def check_commands(place):
    helped = re.findall(r"^  ([a-z]+) ", place.runbook("--help").stdout, re.M)
    table = re.findall(r"^COMMAND\((\w+),", read("interpreter/cli/cmds.def"), re.M)
    equal("--help", helped, table)
    manual = section("interpreter/runbook.1", "Commands", "Ss")
    equal("runbook.1, Commands", re.findall(r"^\.It Cm (\w+)", manual, re.M), table)


OPTION = re.compile(r"^  (?:-(\w), |    )--([a-z-]+)(?: (\S+))?  ", re.M)


def options_of(place, command):
    """{name: letter} of COMMAND, and of what all commands take."""
    text = place.runbook(command, "--help").stdout
    own, _, common = text.partition("\ncommon options:\n")
    found = ({name: letter for letter, name, _ in OPTION.findall(part)} for part in (own, common))
    return tuple(found)


def options_in_manual(title):
    found = {}
    for line in re.findall(r"^\.It Fl (.*)$", section("interpreter/runbook.1", title, "Ss"), re.M):
        m = re.match(r"(?:(\w) , )?-([a-z-]+)", line)
        if not m:
            raise Failure(f"runbook.1: no option: {line}")
        found[m.group(2)] = m.group(1) or ""
    return found


def check_options(place):
    running, other, common = {}, {}, {}
    for command in re.findall(r"^COMMAND\((\w+),", read("interpreter/cli/cmds.def"), re.M):
        own, common = options_of(place, command)
        (running if command in ("plan", "run", "resume") else other).update(own)
    for title, there in (
        ("Options of plan and run", running),
        ("Options of other commands", other),
        ("Common options", common),
    ):
        equal(f"runbook.1, {title}", options_in_manual(title).items(), there.items())
    known = {*running, *other, *common}
    for name in re.findall(r"`--([a-z-]+)", read("README.md")):
        if name not in known:
            raise Failure(f"README.md: there is no --{name}")
    run_options = set(options_of(place, "run")[0])
    told = set(re.findall(r"^\| `--([a-z-]+)", read("README.md"), re.M))
    if run_options - told:
        raise Failure(f"README.md: not told: {sorted(run_options - told)}")


def items(page, title, mark="Ss"):
    """The words behind '.It Cm' in a section, those of nested lists too."""
    names = []
    for line in re.findall(r"^\.It Cm (.*)$", section(page, title, mark), re.M):
        names += line.split(" , Cm ")
    return names


def check_keys(_):
    page = "interpreter/runbook.5"
    keys = re.findall(r'^KEY\(\w+, "(\w+)", ([DPS |]+),', read("interpreter/doc/keys.def"), re.M)
    for letter, title in ("D", "Of the document"), ("P", "Of a procedure"), ("S", "Of a block or step"):
        equal(f"runbook.5, {title}", items(page, title), [k for k, scopes in keys if letter in scopes])
    subkeys = re.findall(r'^SUBKEY\((\w+), \w+, "(\w+)"', read("interpreter/doc/subkeys.def"), re.M)
    for group, title in ("PARAM", "Parameters of a procedure"), ("EXPECT", "Expectations"):
        equal(f"runbook.5, {title}", items(page, title), [k for g, k in subkeys if g == group])
    for group, key in subkeys:
        if not re.search(rf"^\.(?:It )?Cm .*\b{key}\b", read(page), re.M):
            raise Failure(f"runbook.5: no word of {key} ({group})")


def check_front_matter(_):
    fields = re.findall(r'FIELD\(\w+, "(\w+)", \w+\)', read("interpreter/doc/frontmatter.h"))
    equal("runbook.5, Front matter", items("interpreter/runbook.5", "Front matter"), fields)


def check_languages(_):
    names = re.findall(r'^LANGUAGE\("([\w-]+)",', read("interpreter/doc/languages.def"), re.M)
    blocks = section("interpreter/runbook.5", "Blocks", "Ss")
    told = re.findall(r"[\w-]+", " ".join(re.findall(r"^\.Cm (.*)$", blocks, re.M)))
    equal("runbook.5, Blocks", told, names)


def check_rules(_):
    rules = re.findall(r'^INFER\(\w+, "([\w-]+)"', read("interpreter/graph/rules.def"), re.M)
    equal("runbook.5, INFERENCE", items("interpreter/runbook.5", "INFERENCE", "Sh"), rules)


def check_statuses(_):
    table = re.findall(r'^STATUS\(\w+, (\d+), "(.*)"\)', read("interpreter/base/exit.def"), re.M)
    manual = re.findall(r"^\.It (\d+)\n(.*)$", section("interpreter/runbook.1", "EXIT STATUS"), re.M)
    equal("runbook.1, EXIT STATUS", manual, table)
    readme = read("README.md").partition("\n## Exit status\n")[2].partition("\n## ")[0]
    equal("README.md, Exit status", re.findall(r"^\| (\d+) \| (.*) \|$", readme, re.M), table)


def check_layers(_):
    """The README names the layers that there are, in their order."""
    row = re.search(r"^\| `interpreter/` \|.*$", read("README.md"), re.M).group(0)
    told = [name for name in re.findall(r"`(\w+)`", row)]
    there = [n for n in os.listdir(os.path.join(ROOT, "interpreter")) if "." not in n]
    equal("README.md, layers", told, there)


# ---- the examples -------------------------------------------------------------

# With nobody to ask. CONFIRM stands for what the plan asks to be confirmed,
# PLAN for a procedure that needs another host: it is only planned.
CONFIRM, PLAN = "CONFIRM", "PLAN"
EXAMPLES = {
    "conditions": {
        "make-room": [([], 3), (["--step", "1"], 0), (["--step", "2"], 0)],
        "a-file-that-cannot-be-read": [([], 3), (["--step", "1", "--step", "2"], 0)],
    },
    "destructive": {"clear-the-scratch-folder": [([], 3), ([CONFIRM], 0)]},
    "expectations": {
        name: [([], 0)]
        for name in (
            "shown-as-output shown-as-an-example shown-behind-a-prompt some-text-in-it "
            "nothing-bad-in-it a-pattern line-by-line json "
            "what-stands-on-the-other-stream in-a-while"
        ).split()
    },
    "files-and-cleanup": {
        "set-up": [([], 3), ([CONFIRM], 0), ([], 0)],
        "clean-up": [([], 0)],
        "nothing-is-left": [([], 0)],
    },
    "hello": {"say-hello": [([], 0)]},
    "logs": {"put-last-month-away": [([], 3), (["--set", "status=200", CONFIRM], 0)]},
    "menu": {
        "make-a-checksum": [([], 3), (["--step", "1"], 0), (["--step", "2"], 0)],
        "follow-a-file": [([], 3)],
        "switch-the-examples-site": [
            ([], 3),
            (["--step", "Enable", "--allow", "disrupts"], 0),
            (["--step", "Show"], 0),
            (["--step", "Disable", CONFIRM], 0),
        ],
    },
    "parameters": {
        "greet-someone": [([], 2), (["--set", "name=O'Brien; reboot"], 0)],
        "count-down": [([], 0), (["--set", "from=x"], 2)],
        "check-a-passwords-length": [([], 2), (["--set-file", "password=password"], 0)],
        "find-files-of-a-kind": [([], 2), (["--set", "pattern=*.conf"], 0), (["--set", "pattern=*"], 2)],
    },
    "ssh": {name: PLAN for name in ("look-round", "compare-the-clocks", "fetch-a-list", "log-in")},
}


def confirmations(place, file, procedure, args):
    plan = place.runbook("plan", *args, file, procedure).stdout
    ids = re.findall(r"--confirm '?([\w./-]+@[0-9a-f]+)", plan)
    if not ids:
        raise Failure(f"{file} {procedure}: the plan asks for no confirmation")
    return [word for name in ids for word in ("--confirm", name)]


def run_example(place, file, procedure, args, status):
    given = [a for a in args if a != CONFIRM]
    if CONFIRM in args:
        given += confirmations(place, file, procedure, given)
    done = place.runbook("run", *given, file, procedure, both=True)
    if done.returncode != status:
        raise Failure(f"{file} {procedure} {given}: {done.returncode}, not {status}\n{done.stdout}")
    if status == 0 and "differs" in done.stdout:
        raise Failure(f"{file} {procedure} {given}: not as it shows\n{done.stdout}")


def check_examples(place):
    files = [n[:-3] for n in os.listdir(os.path.join(ROOT, "examples")) if n.endswith(".md")]
    equal("examples/", files, EXAMPLES)
    for name, procedures in EXAMPLES.items():
        file = f"examples/{name}.md"
        listed = json.loads(place.runbook("list", "--json", file).stdout)
        there = [p["path"] for book in listed["runbooks"] for p in book["procedures"]]
        equal(file, there, procedures)
        for procedure, runs in procedures.items():
            if runs == PLAN and place.runbook("plan", file, procedure).returncode:
                raise Failure(f"{file} {procedure}: cannot be planned")
            for args, status in [] if runs == PLAN else runs:
                run_example(place, file, procedure, args, status)


def check_demo(place):
    """What 'make demo' runs after it has built: it works and leaves nothing."""
    done = place.run(["sh", "examples/demo", place.program])
    if done.returncode:
        raise Failure(f"examples/demo: status {done.returncode}\n{done.stdout}")
    for what in "nothing was executed", "8 succeeded", "logs.tar.gz":
        if what not in done.stdout:
            raise Failure(f"examples/demo does not show '{what}'\n{done.stdout}")
    for folder in "tmp", "home":
        if os.listdir(os.path.join(place.top, folder)):
            raise Failure(f"examples/demo leaves something in {folder}/")


def validator(name):
    try:
        import jsonschema
    except ImportError:
        return None
    schema = json.loads(read(f"schema/{name}.schema.json"))
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


def check_json(place):
    """What --json prints is as schema/ says."""
    if not validator("graph"):
        print("check_json: skipped, no python3-jsonschema")
        return
    for folder in "examples", "runbooks":
        for name in sorted(os.listdir(os.path.join(place.work, folder))):
            file = f"{folder}/{name}"
            if not name.endswith(".md"):
                continue
            shown = json.loads(place.runbook("show", "--json", "--why", file).stdout)
            calls = [("graph", shown)]
            for p in shown["procedures"]:
                plan = place.runbook("plan", "--json", file, p["path"]).stdout
                calls.append(("plan", json.loads(plan)))
            for schema, value in calls:
                for error in validator(schema).iter_errors(value):
                    raise Failure(f"{file}: {schema}: {error.json_path}: {error.message}")


def check_own_runbooks(place):
    """They are planned without a word of complaint."""
    for name in sorted(os.listdir(os.path.join(ROOT, "runbooks"))):
        file = f"runbooks/{name}"
        listed = json.loads(place.runbook("list", "--json", file).stdout)
        for procedure in (p["path"] for book in listed["runbooks"] for p in book["procedures"]):
            done = place.runbook("plan", file, procedure)
            if done.returncode or done.stderr:
                raise Failure(f"{file} {procedure}: {done.stderr}")


# ---- all of them --------------------------------------------------------------


def main(argv):
    bless = argv[:1] == ["--bless"]
    if len(argv) != 1 + bless:
        sys.exit(__doc__)
    checks = [check for name, check in globals().items() if name.startswith("check_")]
    failed = 0
    # examples/files-and-cleanup.md has a path of its own in /tmp
    lock = os.open("/tmp", os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    for check in checks:
        with Place(argv[-1]) as place:
            try:
                if check is check_readme:
                    check(place, bless)
                else:
                    check(place)
            except (Failure, OSError, ValueError, subprocess.TimeoutExpired) as e:
                print(f"--- {check.__name__}\n{e}")
                failed += 1
    os.close(lock)
    print(f"doc: {len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
