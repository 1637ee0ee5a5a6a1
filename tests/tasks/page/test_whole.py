"""The page says every number that was measured, and no name in the data becomes markup."""

import re

import pytest

from striate.tasks.page.whole import summary_sentence
from tests.io.test_markup import PAYLOADS, parsed


def test_every_part_is_there_and_linked(answers, report):
    text, _ = report(answers())
    seen = parsed(text)
    anchors = [attrs["id"] for tag, attrs in seen.tags if tag == "section"]
    assert anchors == [
        "training",
        "confusion",
        "classes",
        "calibration",
        "worst",
        "data",
        "settings",
        "environment",
    ]
    links = [attrs["href"] for tag, attrs in seen.tags if tag == "a"]
    assert links == [f"#{anchor}" for anchor in anchors]


def test_the_head_says_the_scores(answers, report):
    text, scores = report(answers(), warnings=["The scored pictures chose the epoch."])
    low, high = scores.accuracy_interval
    words = parsed(text).text
    assert f"accuracy, 95 % interval {low:.1%} to {high:.1%}" in words
    assert summary_sentence(scores) in words
    assert "The scored pictures chose the epoch." in words
    assert f"{scores.macro_f1:.3f}" in words
    assert f"{scores.calibration_error:.3f}" in words
    assert "trained in 1 min 15 s" in words
    assert "begun 2026-01-02T03:04:05+00:00" in words
    assert "epochs = 3" in words


def test_several_labels_have_no_confusion_but_average_precision(answers, report):
    text, scores = report(answers(several=True))
    words = parsed(text).text
    assert 'id="confusion"' not in text
    assert f"{scores.mean_average_precision:.3f}mean average precision" in words
    assert "It found all classes, and no other, on" in words
    assert "most frequent set of classes" in words


def test_a_run_without_history_or_counts_has_a_page_all_the_same(answers, report):
    text, _ = report(answers(), history={}, counts={}, config="", environment={}, seconds=None)
    assert 'id="training"' not in text
    assert "trained in" not in text


def urls(text):
    """Every address in a page: of attributes that load or lead somewhere, and of its style."""
    loading = {"src", "href", "action", "data", "poster", "srcset", "background", "xlink:href"}
    found = [
        value for _, attrs in parsed(text).tags for name, value in attrs.items() if name in loading
    ]
    return found + re.findall(r"url\(([^)]*)\)|@import\s+(\S+)", text)


@pytest.mark.parametrize("several", [False, True])
def test_every_address_is_inside_the_page(answers, report, several):
    text, _ = report(answers(several=several), sheet=b"\x89PNG")
    found = urls(text)
    assert sum(address.startswith("data:image/") for address in found) == 26
    assert all(address.startswith(("data:image/", "#")) for address in found)


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("several", [False, True])
def test_names_that_mean_harm_are_shown_as_they_are(answers, report, payload, several):
    plain, _ = report(answers(several=several, classes=("cat", "dog", "owl")))
    said = answers(several=several, classes=(payload, "dog", "owl"))
    text, _ = report(
        said,
        name=payload,
        notes=[payload],
        warnings=[payload],
        config=payload,
        data=payload,
        environment={payload: {payload: payload}, "started": payload},
        data_hash=payload,
        counts={payload: [1, 2, 3]},
        history={payload: [1.0, 2.0]},
    )
    seen, usual = parsed(text), parsed(plain)
    assert {tag for tag, _ in seen.tags} <= {tag for tag, _ in usual.tags}
    known = {name for _, attrs in usual.tags for name in attrs}
    assert {name for _, attrs in seen.tags for name in attrs} <= known
    assert seen.text.count(payload) > 5
    assert all(address.startswith(("data:image/", "#")) for address in urls(text))


def test_names_that_are_no_text_can_be_written(answers, report):
    names = [f"\udcff\x1b{number}.png" for number in range(80)]
    text, _ = report(answers(classes=("\udcfe", "b", "c"), names=names))
    assert "\ufffd␛" in text.encode().decode()
