"""The files of examples/ do what they say, and the command line takes what they make."""

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def run(*words, cwd):
    return subprocess.run(words, cwd=cwd, capture_output=True, text=True, timeout=200)


def test_every_example_has_a_test():
    assert {path.name for path in EXAMPLES.iterdir()} == {"cifar10_sheets.py"}


@pytest.mark.timeout(240)
def test_sheets_become_a_folder_that_trains(tmp_path, shared_data):
    sheets = shared_data / "cifar10-lossless"
    made = run(sys.executable, EXAMPLES / "cifar10_sheets.py", sheets, "pictures", cwd=tmp_path)
    assert made.stdout == "3,000 pictures in pictures\n", made.stderr
    labels = [int(word) for word in (sheets / "train_labels_4000.txt").read_text().split()]
    with Image.open(sheets / "train_batch_1.png") as sheet:
        row = sheet.crop((0, 7, 1024, 8)).tobytes()
    (path,) = tmp_path.glob("pictures/*/1007.png")
    with Image.open(path) as picture:
        assert picture.tobytes() == row
    assert sorted(folder.name for folder in (tmp_path / "pictures").iterdir())[labels[1007]] == (
        path.parent.name
    )
    options = ("--epochs", "1", "--set", "filters=4")
    command = (sys.executable, "-c", "from striate.cli import main; main()")
    trained = run(*command, "train", "pictures", *options, cwd=tmp_path)
    assert trained.returncode == 0, trained.stderr
    assert (tmp_path / "runs" / "classify" / "pictures-1" / "report.html").is_file()
