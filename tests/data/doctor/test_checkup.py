"""The doctor finds every planted fault, and nothing where nothing is."""

import hashlib
from pathlib import Path

import pytest
from PIL import Image

from striate.data.doctor import KINDS, check_data
from striate.errors import ArgumentError, DataError
from tests.data.doctor.planted import clean_classes, jpeg, picture, plant

# What only decoding shows; of these the bytes tell exact copies too.
PIXELS_ONLY = {"near_duplicate", "near_leak", "near_two_classes", "constant"}


def named(findings):
    """kind -> the names of the files of each finding, sorted."""
    found = {}
    for each in findings:
        found.setdefault(each.kind, []).append({Path(path).name for path in each.paths})
    return {kind: sorted(names, key=sorted) for kind, names in found.items()}


def state(root):
    """Every name below a folder with its content and time of change."""
    return {
        str(path): (path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("full", [True, False], ids=["full", "fast"])
def test_a_clean_set_raises_no_alarm(tmp_path, full):
    found = check_data(clean_classes(tmp_path / "pets"), full=full)
    assert found.findings == ()
    assert found.pictures == {"train": 40, "val": 12}
    assert found.classes["train"] == {"cat": 20, "dog": 20}


@pytest.mark.parametrize("full", [True, False], ids=["full", "fast"])
def test_every_planted_fault_is_found_and_nothing_else(tmp_path, full):
    root = clean_classes(tmp_path / "pets")
    planted = plant(root)
    assert len(planted) >= 15
    before = state(root)
    if not full:
        planted = {kind: names for kind, names in planted.items() if kind not in PIXELS_ONLY}
    found = check_data(root, full=full)
    assert named(found.findings) == {
        kind: sorted(names, key=sorted) for kind, names in planted.items()
    }
    assert state(root) == before


def test_the_same_pixels_in_another_file_are_found_in_full_alone(tmp_path):
    root = clean_classes(tmp_path / "pets")
    Image.open(root / "train/cat/0.jpg").save(root / "train/cat/lossless.png")
    assert named(check_data(root).findings)["duplicate"] == [{"0.jpg", "lossless.png"}]
    assert "duplicate" not in named(check_data(root, full=False).findings)


def test_the_worst_comes_first_and_everything_is_counted(tmp_path):
    root = clean_classes(tmp_path / "pets")
    plant(root)
    found = check_data(root)
    order = [list(KINDS).index(each.kind) for each in found.findings]
    assert order == sorted(order)
    words = [each.severity for each in found.findings]
    assert words == sorted(words, key=("error", "warning", "note").index)
    assert sum(found.severities.values()) == len(found.findings)
    document = found.to_json()
    assert sum(document["counts"].values()) == len(document["findings"])
    assert document["pictures"] == {"train": found.pictures["train"], "val": 15}


def test_the_progress_ends_with_the_last_picture(tmp_path):
    calls = []
    check_data(clean_classes(tmp_path / "pets"), progress=lambda *at: calls.append(at))
    assert calls[-1] == (52, 52)


def test_the_findings_do_not_hang_on_threads(tmp_path):
    root = clean_classes(tmp_path / "pets")
    plant(root)
    assert check_data(root).findings == check_data(root).findings


def test_pictures_in_no_format_are_examined_without_labels(tmp_path):
    for number in range(3):
        (tmp_path / f"{number}.jpg").write_bytes(jpeg(picture(number)))
    (tmp_path / "again.jpg").write_bytes(jpeg(picture(0)))
    found = check_data(tmp_path)
    assert [each.kind for each in found.findings] == ["layout", "duplicate"]
    assert "must be in one of the formats" in found.findings[0].text
    assert found.format == "no format"


def test_what_is_not_there_is_refused(tmp_path):
    with pytest.raises(DataError, match="must be an existing folder"):
        check_data(tmp_path / "nothing")
    with pytest.raises(DataError, match="must be in one of the formats"):
        check_data(tmp_path)
    with pytest.raises(ArgumentError, match="`format` must be one of"):
        check_data(tmp_path, "photos")


def test_known_dirt_of_a_real_set(shared_data):
    found = check_data(shared_data / "ants_bees224", full=False)
    assert named(found.findings) == {"odd_file": [{"formica.jpeg"}, {"imageNotFound.gif"}]}


def test_files_that_break_decoders_are_all_named(shared_data):
    root = shared_data / "nasty"
    found = check_data(root)
    errors = [each for each in found.findings if each.kind in ("undecodable", "truncated")]
    assert len(errors) > 80
    for each in errors:
        assert each.paths[0] in each.text
