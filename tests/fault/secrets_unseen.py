"""Secrets, looked for wherever they could be seen, in every form in which they
could stand there: command lines and environments of all processes while it
runs, the folders of the run while it runs, after it, and after a kill, and
all that is printed."""

import base64
import os
import sys
import threading
import urllib.parse

from stage import Sshd, Stage

# One with everything that quoting changes, one as they are made, a key.
SECRETS = {
    "password": "s3cr\"et' pa$$w`0rd\\&<ü>/4711",
    "token": "ghp_9aF3kQ81LmZx77TtYw0042bcDe",
    "key": "-----BEGIN KEY-----\nMIIEpAIBAAKCAQEA7v0Q1Zx9\n"
           "kTq81LmnZx77TtYw0042bcDE\n-----END KEY-----",
}

LOCAL = """
```bash
# Printed as it is, and in other forms
printf '%s\\n' "<password>" "<token>" "<key>"
printf '%s' "<token>" | base64
printf '%s' "<password>" | od -An -v -tx1 | tr -d ' \\n'
printf '%q\\n' "<password>"
# Kept in a variable
kept="<token>"; printf '%s\\n' "${#kept}" "<key>" >> count
# Handed on
cat > /dev/null <<END
<password>
END
printf '%s' "<password>" | sha256sum >> sum
declare -p kept
# Wrong
cd "/nowhere/<token>" || true
sleep 0.2
```
"""

HOSTS = """
```bash
ssh hemma "printf '%s' '<token>' > /dev/null; sleep 0.2"
ssh hemma 'printf "%s" "<password>"'
printf '%s' "<key>" | ssh hemma "cat; sleep 0.1"
echo "$(printf %s "<token>" | ssh hemma cat)"
```
"""

PARAMS = ("<!-- runbook: {params: {password: {secret: true}, "
          "token: {secret: true}, "
          "key: {secret: true, dash: true}}} -->\n# Doc\n")


def stable(raw, shift):
    """The part of base64 that is the same whatever stands around RAW."""
    text = base64.b64encode(b"\0" * shift + raw)
    first = (shift * 8 + 5) // 6
    last = (shift + len(raw)) * 8 // 6
    return text[first:last]


def forms_of(secret):
    """What would give it away."""
    raw = secret.encode()
    lines = [l for l in raw.split(b"\n") if len(l) >= 8 and b"-----" not in l]
    for part in {raw, *lines}:
        yield part
        yield part.hex().encode()
        yield part.hex().upper().encode()
        for shift in range(3):
            yield stable(part, shift)
            yield stable(part, shift).translate(
                bytes.maketrans(b"+/", b"-_"))
        yield urllib.parse.quote(part, safe="").encode()
        yield urllib.parse.quote(part, safe="/").encode()
        yield part[::-1]
        yield part.replace(b"'", b"'\\''")
        yield part.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
    if b"\n" in raw:
        yield raw.replace(b"\n", b"\\n")
        yield raw.replace(b"\n", b"")


FORMS = {form: name for name, secret in SECRETS.items()
         for form in forms_of(secret)}


def found_in(data):
    """Which of them DATA holds, in what form."""
    return [(name, form) for form, name in FORMS.items() if form in data]


class Watcher(threading.Thread):
    """Looks at all processes and folders, again and again."""

    def __init__(self, stage):
        super().__init__(daemon=True)
        self.stage = stage
        self.over = False
        self.seen, self.looks = set(), 0

    def look_at(self, what, data):
        for name, form in found_in(data):
            shown = form.decode("utf-8", "replace")
            if what == "cmdline":
                shown = data.replace(b"\0", b" ").decode("utf-8", "replace")
            self.seen.add(f"{name} in {what}: {shown}")

    def processes(self):
        for pid in os.listdir("/proc"):
            if not pid.isdigit():
                continue
            for kind in ("cmdline", "environ"):
                try:
                    with open(f"/proc/{pid}/{kind}", "rb") as f:
                        self.look_at(kind, f.read())
                except OSError:
                    pass

    def folders(self, *tops):
        for top in tops:
            for folder, _, names in os.walk(top):
                for name in names:
                    path = os.path.join(folder, name)
                    try:
                        if os.path.isfile(path):
                            with open(path, "rb") as f:
                                self.look_at(name, f.read())
                    except OSError:
                        pass

    def run(self):
        while not self.over:
            self.processes()
            self.looks += 1


def main():
    with Stage() as stage:
        text = PARAMS + LOCAL
        args = ["run", "doc.md", "--no-input"]
        if Sshd.there():
            Sshd(stage)
            text += HOSTS
            args += ["-F", "ssh_config"]
        else:
            print("secrets-unseen: no sshd; hosts were left out")
        stage.write("doc.md", text)
        os.mkdir(stage.path("secrets"))
        for name, secret in SECRETS.items():
            stage.write(f"secrets/{name}", secret + "\n")
            args += ["--set-file", f"{name}=secrets/{name}"]
        watcher = Watcher(stage)
        watcher.start()
        wrong = []
        for more in ([], ["--json"]):
            end = stage.run(*args, *more)
            watcher.look_at("output", (end.out + end.err).encode())
            if end.status != 0:
                wrong.append(f"{end}")
        # Killed while it works, and gone on with.
        for moment in (0.05, 0.1, 0.2, 0.3, 0.5):
            with stage.start(*args) as p:
                try:
                    p.wait(moment)
                except Exception:
                    p.kill()
                out, err = p.communicate()
            watcher.look_at("output", out + err)
            stage.quiet()
            watcher.folders(stage.home, stage.runtime)
        watcher.over = True
        watcher.join()
        watcher.folders(stage.home, stage.runtime)
    wrong += sorted(watcher.seen)
    for what in wrong:
        print(f"--- {what}")
    print(f"secrets-unseen: {len(SECRETS)} secrets in {len(FORMS)} forms, "
          f"{watcher.looks} looks at all processes, 7 runs: seen "
          f"{len(wrong)} times (bar: 0)")
    sys.exit(len(wrong) > 0)


main()
