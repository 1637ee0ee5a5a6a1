"""The doctor's page: everything on it, escaped, nothing from outside, nothing in the data."""

import json
import os
import re

import pytest
from PIL import Image

from striate.data.doctor import check_data, write_checkup
from striate.errors import ArgumentError, DataError
from tests.data.doctor.planted import clean_classes, jpeg, picture, plant


@pytest.fixture
def planted(tmp_path):
    root = clean_classes(tmp_path / "pets")
    plant(root)
    return root


def test_page_and_json_say_the_same(planted, tmp_path):
    found = check_data(planted)
    page, document = write_checkup(found, tmp_path / "doctor")
    text = page.read_text(encoding="utf-8")
    stored = json.loads(document.read_text())
    assert stored == json.loads(json.dumps(found.to_json()))
    for kind, findings in found.by_kind.items():
        assert f'<section id="{kind}">' in text
        assert f"{len(findings):,})</h2>" in text.split(f'<section id="{kind}">')[1][:200]
    assert text.count("<img ") >= 15
    assert all(word.startswith("data:image/") for word in re.findall(r'src="([^"]*)', text))
    assert not re.findall(r'(?:href|src|action)="(?!data:|#)', text)
    assert "<script" not in text
    assert "default-src &#x27;none&#x27;" in text or "default-src 'none'" in text


@pytest.mark.skipif(os.name == "nt", reason="Windows forbids such names")
def test_names_that_would_do_harm_are_text(tmp_path):
    for name in ("cat", "<script>alert(1)<"):
        (tmp_path / "pets" / name).mkdir(parents=True)
        for number in range(2):
            seed = hash_of(name) + number
            (tmp_path / "pets" / name / f"{number}.jpg").write_bytes(jpeg(picture(seed)))
    bad = os.fsencode(tmp_path / "pets" / "cat") + b"/\xff<b>.jpg"
    with open(bad, "wb") as file:
        file.write(b"torn")
    found = check_data(tmp_path / "pets")
    page, document = write_checkup(found, tmp_path / "doctor")
    text = page.read_text(encoding="utf-8")
    assert "<script" not in text
    assert "<b>.jpg" not in text
    assert "&lt;b&gt;.jpg" in text
    assert json.loads(document.read_text())["counts"] == {"undecodable": 1}


def hash_of(name):
    return sum(map(ord, name))


def test_a_page_of_nothing_says_so(tmp_path):
    found = check_data(clean_classes(tmp_path / "pets"))
    page, _ = write_checkup(found, tmp_path / "doctor")
    assert "<p>Nothing.</p>" in page.read_text(encoding="utf-8")


def test_it_is_never_written_into_the_data(planted, tmp_path):
    found = check_data(planted, full=False)
    (tmp_path / "link").symlink_to(planted)
    for folder in (planted, planted / "train" / "report", tmp_path / "link" / "report"):
        with pytest.raises(ArgumentError, match="`folder` must lie outside the data"):
            write_checkup(found, folder)
    assert not (planted / "train" / "report").exists()


def test_files_of_others_are_not_written_over(planted, tmp_path):
    found = check_data(planted, full=False)
    write_checkup(found, tmp_path / "doctor")
    write_checkup(found, tmp_path / "doctor")
    run = tmp_path / "run"
    run.mkdir()
    (run / "report.html").write_text("of a training")
    (run / "config.toml").touch()
    words = r"`folder` must be new or empty, or hold an earlier report and not \"config.toml\""
    with pytest.raises(ArgumentError, match=words):
        write_checkup(found, run)
    assert (run / "report.html").read_text() == "of a training"
    assert not (run / "report.json").exists()


def test_a_folder_that_cannot_be_written_is_told(planted, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="must be writable"):
        write_checkup(check_data(planted, full=False), tmp_path / "file" / "doctor")


def test_a_large_set_of_findings_is_cut_on_the_page_alone(tmp_path):
    for number in range(230):
        path = tmp_path / "pets" / ("cat" if number % 2 else "dog") / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (20, 20), (number, 9, 9)).save(path)
    found = check_data(tmp_path / "pets")
    page, document = write_checkup(found, tmp_path / "doctor")
    assert "And 30 more: report.json has them." in page.read_text(encoding="utf-8")
    assert json.loads(document.read_text())["counts"] == {"constant": 230}
