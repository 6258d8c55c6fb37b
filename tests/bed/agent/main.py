"""The agent on hemma: one JSON request a line on standard input, one answer a
line.

    {"do": "world"}                     what is the case, as {key: text}
    {"do": "arrange", "given": [NAME…]} make it normal, then as the names say
    {"do": "sh", "text": TEXT}          what TEXT prints, and its status
"""
import json
import subprocess
import sys

from normal import Bed
from see import see


def answer(bed, request):
    if request["do"] == "world":
        return see()
    if request["do"] == "arrange":
        return bed.arrange(request["given"])
    done = subprocess.run(
        ["sh", "-c", request["text"]], stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )
    return {"out": done.stdout, "status": done.returncode}


def main():
    bed = Bed()
    for line in sys.stdin:
        try:
            said = answer(bed, json.loads(line))
        # whoever asks is to be told, whatever it is
        except Exception as error:
            said = {"trouble": f"{type(error).__name__}: {error}"}
        print(json.dumps(said), flush=True)


main()
