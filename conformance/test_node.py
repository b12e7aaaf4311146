"""The AWS SDK for JavaScript: `node --test` over node/, one test here for each there."""

import os
import pathlib
import re
import subprocess

import pytest

HERE = pathlib.Path(__file__).resolve().parent
FILES = sorted((HERE / "node").glob("*.test.mjs"))
NAMES = [(file, name) for file in FILES for name in re.findall(r'^test\("([^"]+)"', file.read_text(), re.MULTILINE)]


@pytest.fixture(scope="module")
def results(server):
    """Every Node test's outcome by file and name, with the whole output for the report."""
    found = {}
    for file in FILES:
        done = subprocess.run(
            ["node", "--test", "--test-reporter=tap", str(file)],
            cwd=HERE,
            capture_output=True,
            text=True,
            timeout=110,
            env={**os.environ, "PRETIL_ENDPOINT": server.endpoint},
        )
        for outcome, name in re.findall(r"^ *(ok|not ok) \d+ - (.+)$", done.stdout, re.MULTILINE):
            found[file, name] = (outcome == "ok", done.stdout + done.stderr)
        found[file, None] = (done.returncode == 0, done.stdout + done.stderr)
    return found


@pytest.mark.parametrize("file, name", NAMES, ids=[f"{file.name}-{name}" for file, name in NAMES])
def test_node(results, file, name):
    assert (file, name) in results, "did not run:\n" + results[file, None][1]
    passed, output = results[file, name]
    assert passed, output


def test_nothing_else_failed(results):
    for file in FILES:
        passed, output = results[file, None]
        assert passed, output
