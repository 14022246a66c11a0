"""Runs the session of s3api-session.txt through the AWS CLI, all of it in one process: starting it costs a second."""

import contextlib
import io
import json
import os
import re
import shlex
import sys

from awscli.clidriver import create_clidriver

from claims import holds, tell

folder = sys.argv[1]
kept = {"FILE": f"{folder}/hello", "PART": f"{folder}/part", "OUT": f"{folder}/out"}
driver = create_clidriver()


def run(words):
    """Its exit status and all it printed."""
    said = io.TextIOWrapper(io.BytesIO(), encoding="utf8")
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            status = driver.main(["s3api", *words])
        except SystemExit as ended:
            status = ended.code
    said.seek(0)
    return status, said.read()


def with_kept(word):
    return re.sub(r"\$([A-Za-z]+(?:\.\d)?)", lambda match: kept.get(match[1], match[0]), word)


def spaced(text):
    return " ".join(text.split())


def keep(name, answer):
    """A list is kept as $name.0, $name.1 and so on."""
    if isinstance(answer, str):
        kept[name] = answer
    else:
        kept.update({f"{name}.{index}": one for index, one in enumerate(answer)})


with open(os.path.join(os.path.dirname(__file__), "s3api-session.txt"), encoding="utf8") as file:
    lines = [line.rstrip("\n") for line in file if line.strip() and not line.startswith("#")]
for line in lines:
    keeps, command, sign, text = re.fullmatch(r"(?:(\w+) = )?(.*?)(?:\s+(=>|!!)\s+(.*))?", line).groups()
    status, said = run([with_kept(word) for word in shlex.split(command)])
    holds(f"{line}\n{said}", (status != 0) == (sign == "!!") and (text is None or spaced(text) in spaced(said)))
    if keeps is not None:
        keep(keeps, json.loads(said))
tell()
