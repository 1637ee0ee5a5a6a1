"""The books' numbers in real processes: all of them found, and one of them wrong."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src"
MAIN = "from striate.cli import main; main()"
WRONG = """
from dataclasses import replace
from striate.books import CLAIMS
key = ("004", "[1, 2, 3] at dilation rate 4")
CLAIMS[key] = replace(CLAIMS[key], book=(1, 2, 3))
"""


def books(*words, cwd, before=""):
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("STRIATE_", "MPLBACKEND"))}
    return subprocess.run(
        [sys.executable, "-c", before + MAIN, "books", *words],
        cwd=cwd,
        env={**clean, "PYTHONPATH": str(SOURCE), "STRIATE_OFFLINE": "1", "STRIATE_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=180,
    )


def test_every_number_is_found_without_a_net_or_a_data_set(tmp_path):
    done = books("check", "--json", "--out", "pictures", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert len(rows) > 100
    assert all(row["ok"] for row in rows)
    assert set(rows[0]) == {"listing", "what", "book", "here", "ok", "rule"}
    assert len(list((tmp_path / "pictures").glob("*.png"))) == 4
    assert done.stderr.splitlines()[0] == "Pictures of the line filters: pictures"


@pytest.mark.long  # tests/cli/test_books.py has one in its own process
def test_a_wrong_number_ends_with_1(tmp_path):
    done = books("check", cwd=tmp_path, before=WRONG)
    assert done.returncode == 1
    assert " NO\n" in done.stdout


def test_a_listing_runs_as_a_readers_own_file(tmp_path):
    shown = books("show", "000_1_mnist_convnet", cwd=tmp_path)
    (tmp_path / "net.py").write_text(shown.stdout)
    done = subprocess.run(
        [sys.executable, "net.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "Total params: 104,202" in done.stdout
