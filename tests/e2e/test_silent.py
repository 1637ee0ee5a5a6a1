"""Training, scoring and predicting ask for no socket."""

import os
import subprocess
import sys

from PIL import Image

CODE = """
import sys
seen = []
def note(event, arguments):
    if event.startswith("socket.") and event != "socket.gethostname":
        seen.append((event, arguments))
sys.addaudithook(note)
from striate.cli import main
for words in (
    "train digits --epochs 1 --runs runs",
    "predict runs/classify/digits-1 a.png",
    "summary runs/classify/digits-1",
):
    sys.argv = ["striate", *words.split()]
    try:
        main()
    except SystemExit as ended:
        assert not ended.code, (words, ended.code)
assert not seen, seen
"""


def test_nothing_is_connected(tmp_path):
    Image.new("L", (8, 8), 90).save(tmp_path / "a.png")
    environment = {**os.environ, "OMP_WAIT_POLICY": "passive", "STRIATE_CACHE": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert (tmp_path / "runs" / "classify" / "digits-1" / "model" / "model.json").exists()
