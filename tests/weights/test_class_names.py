import json

import pytest

from striate.errors import ArgumentError
from striate.weights.class_names import CLASS_TABLES, class_table


def test_imagenet_is_the_table_that_nets_were_trained_with(shared_data):
    path = shared_data / "imagenet-sample-100" / "imagenet_class_index.json"
    known = json.loads(path.read_text(encoding="utf-8"))
    assert [list(each) for each in class_table("imagenet")] == [known[str(n)] for n in range(1000)]


@pytest.mark.parametrize("name", CLASS_TABLES)
def test_every_table_has_its_classes_once(name):
    table = class_table(name)
    assert len(table) == CLASS_TABLES[name] == len({each.wnid for each in table})
    assert all(each.name and each.name.isprintable() for each in table)
    assert class_table(name) is table


def test_words():
    with pytest.raises(ArgumentError, match='class_table: `name` must be one of "imagenet"'):
        class_table("cifar")
