import json

import pytest

from striate.errors import ArgumentError
from striate.weights.class_names import CLASS_TABLES, class_table


def test_imagenet_is_the_table_that_nets_were_trained_with(shared_data):
    path = shared_data / "imagenet-sample-100" / "imagenet_class_index.json"
    known = json.loads(path.read_text(encoding="utf-8"))
    ours = [[each.wnid, each.name] for each in class_table("imagenet")]
    assert ours == [known[str(number)] for number in range(1000)]


@pytest.mark.parametrize("name", CLASS_TABLES)
def test_every_table_has_its_classes_once(name):
    table = class_table(name)
    assert len(table) == CLASS_TABLES[name] == len({each.wnid for each in table})
    assert all(each.name and each.name.isprintable() for each in table)
    assert class_table(name) is table


def test_words():
    with pytest.raises(ArgumentError, match='class_table: `name` must be one of "imagenet"'):
        class_table("cifar")


def test_words_are_those_that_the_books_print():
    """The notebook's: palace, monastery, bell_cote; vase, daisy, honeycomb."""
    words = [each.word for each in class_table("imagenet")]
    known = {442: "bell_cote", 599: "honeycomb", 663: "monastery", 698: "palace", 883: "vase"}
    assert {number: words[number] for number in known} == known
    assert (words[235], words[985]) == ("German_shepherd", "daisy")
    twice = {word for word in words if words.count(word) > 1}
    assert twice == {"crane", "maillot"}
    assert not any(" " in word for word in words)
