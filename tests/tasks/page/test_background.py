"""Data, settings and environment as the page tells them."""

from striate.records import Preprocess
from striate.tasks.page.background import data_part, environment_part, settings_part
from striate.tasks.run.facts import RunFacts
from tests.io.test_markup import parsed


def facts(**changes):
    return RunFacts("pets", ("cat", "dog"), Preprocess(), **changes)


def test_the_pictures_of_each_class_and_part():
    counts = {"train": [1000, 500], "test": [10, 20]}
    text = "".join(data_part(facts(counts=counts, notes=["Found."], data_hash="ab12"), None))
    words = parsed(text).text
    for row in (
        "Found.",
        "SHA-256 of the data: ab12",
        "classtraintest",
        "cat1,00010",
        "all1,50030",
    ):
        assert row in words
    assert "width:100.0%" in text
    assert "width:50.0%" in text


def test_many_classes_are_cut_and_a_part_may_be_empty():
    names = tuple(f"c{number}" for number in range(102))
    many = RunFacts("x", names, Preprocess(), counts={"train": [0] * 102})
    words = parsed("".join(data_part(many, None))).text
    assert "and 2 more" in words
    assert "c99" in words
    assert "c101" not in words


def test_the_first_batch_is_shown_unless_it_is_huge():
    assert "data:image/png;base64,iVBO" in "".join(data_part(facts(), b"\x89PNG"))
    assert data_part(facts(), bytes(2**21 + 1)) == []


def test_settings_and_environment():
    assert settings_part(facts(config="a = 1\nb = 2\n")) == ["<pre>a = 1\nb = 2\n</pre>"]
    base = {"weights": "imagenet", "source": "<x>", "sha256": "ab", "licence": "MIT"}
    first, _ = settings_part(facts(base=base))
    words = "It began with the weights imagenet: <x>, SHA-256 ab, licence MIT."
    assert parsed(first).text == words
    found = environment_part({"python": "3.11", "packages": {"torch": "2.1", "x": None}})
    words = parsed(found).text
    assert "python3.11packages torch2.1" in words
    assert "packages x" not in words
    found = environment_part({"command": ["striate", "train", "my pets"]})
    assert "striate train 'my pets'" in parsed(found).text
