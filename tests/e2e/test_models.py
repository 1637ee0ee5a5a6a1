"""striate models as a real process: it takes little more than the import of torch."""

import os

from striate.architectures import list_architectures
from tests.e2e.test_command_line import striate


def test_ls_prints_a_line_for_each_net(tmp_path):
    before = os.times()
    done = striate("models", "ls", cwd=tmp_path)
    after = os.times()
    assert (done.returncode, done.stderr) == (0, "")
    # seconds of processor time; the import of torch takes most of them
    assert sum(after[2:4]) - sum(before[2:4]) < 3
    head, *rows = done.stdout.splitlines()
    assert head.split()[:2] == ["net", "year"]
    assert [row.split()[0] for row in rows] == [row.name for row in list_architectures()]
    (vgg,) = [row for row in rows if row.startswith("vgg16 ")]
    for part in ("2014", "224 × 224 × 3", "138,357,544", "15,470,264,320", "paper keras torchv"):
        assert part in vgg
