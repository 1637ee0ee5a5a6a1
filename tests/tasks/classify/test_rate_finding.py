"""find_rate: what it writes and says."""

import json

from PIL import Image

from striate.tasks.classify import find_rate
from striate.tasks.options import TrainOptions


def test_figure_and_numbers(tmp_path):
    said = []
    options = TrainOptions(data="digits", batch_size=128, filters=8, runs=str(tmp_path))
    found = find_rate(options, say=said.append)
    assert found.folder == tmp_path / "lr-find" / "digits-1"
    record = json.loads((found.folder / "lr_find.json").read_text())
    assert record["suggestion"] == found.sweep.suggestion
    assert len(record["rates"]) == len(record["losses"]) == len(found.sweep.rates)
    with Image.open(found.folder / "lr_find.png") as image:
        assert image.width > 500
    assert said[0].startswith("Data: ")
