"""The tables of summary() are the books', line by line."""

import re

import numpy as np
import pytest

import striate
from striate import layers, recipes
from striate.errors import NotBuiltError
from striate.models.summary import counts

SECOND_EDITION = """\
Model: "model"
_________________________________________________________________
Layer (type)                 Output Shape              Param #
=================================================================
input_1 (InputLayer)         [(None, 28, 28, 1)]       0
_________________________________________________________________
conv2d (Conv2D)              (None, 26, 26, 32)        320
_________________________________________________________________
max_pooling2d (MaxPooling2D) (None, 13, 13, 32)        0
_________________________________________________________________
conv2d_1 (Conv2D)            (None, 11, 11, 64)        18496
_________________________________________________________________
max_pooling2d_1 (MaxPooling2 (None, 5, 5, 64)          0
_________________________________________________________________
conv2d_2 (Conv2D)            (None, 3, 3, 128)         73856
_________________________________________________________________
flatten (Flatten)            (None, 1152)              0
_________________________________________________________________
dense (Dense)                (None, 10)                11530
=================================================================
Total params: 104,202
Trainable params: 104,202
Non-trainable params: 0
_________________________________________________________________
"""


def lines_of(model):
    found = []
    model.summary(print_fn=found.append)
    return found


def plain(line):
    return re.sub(r"\s+", " ", line).strip()


def convolutions(pooled=True):
    """The convolutional base of the first edition, with or without its pools."""
    model = striate.Sequential()
    model.add(layers.Conv2D(32, (3, 3), activation="relu", input_shape=(28, 28, 1)))
    if pooled:
        model.add(layers.MaxPooling2D((2, 2)))
    model.add(layers.Conv2D(64, (3, 3), activation="relu"))
    if pooled:
        model.add(layers.MaxPooling2D((2, 2)))
    model.add(layers.Conv2D(64, (3, 3), activation="relu"))
    return model


def test_the_second_editions_table():
    lines = lines_of(recipes.mnist_net())
    assert [line.rstrip() for line in lines] == SECOND_EDITION.splitlines()
    assert {len(line) for line in lines[1:-4]} == {65}


def test_summary_prints_without_print_fn(capsys):
    recipes.mnist_net().summary()
    printed = capsys.readouterr().out
    assert [line.rstrip() for line in printed.splitlines()] == SECOND_EDITION.splitlines()


def book_tables(shared_data, start):
    """The tables of a book's text: lists of their lines, each from "Model:" on."""
    folder = shared_data.parent / "seeds"
    found = list(folder.glob(f"{start}*.txt"))
    if not found:
        pytest.skip(f"no texts of the books at {folder}")
    parts = found[0].read_text().split("\nModel: ")[1:]
    kept = re.compile(r"Model:|Layer \(|\w+ \(\w+\)? |Total|Trainable|Non-train|_____|=====")
    tables = []
    for part in parts:
        lines = f"Model: {part}".splitlines()
        ends = next(i for i, line in enumerate(lines) if line and not kept.match(line))
        tables.append([line for line in lines[:ends] if line])
    return tables


def test_every_line_that_the_second_edition_prints(shared_data):
    (table,) = book_tables(shared_data, "000")
    assert [plain(line) for line in table] == list(map(plain, lines_of(recipes.mnist_net())))


def test_every_line_that_the_first_edition_prints(shared_data):
    base, whole, flat = book_tables(shared_data, "001")
    model = convolutions()

    def rows(lines):  # that text has lost some of the rules between its rows
        return [line.rstrip() for line in lines if line.strip("_=")]

    assert rows(lines_of(model)) == rows(base)
    for layer in (layers.Flatten(), layers.Dense(64, "relu"), layers.Dense(10, "softmax")):
        model.add(layer)
    assert "dense" in whole[-1]  # where the text breaks off: "(None, 64)   3"
    assert rows(lines_of(model))[: len(rows(whole)) - 1] == rows(whole)[:-1]
    assert rows(lines_of(model))[len(rows(whole)) - 1].startswith(whole[-1])
    renamed = {"sequential": "sequential_1", "conv2d (": "conv2d_3 (", "conv2d_1": "conv2d_4"}
    renamed["conv2d_2"] = "conv2d_5"  # there names are counted per program, here per model
    ours = "\n".join(rows(lines_of(convolutions(pooled=False))))
    for here, there in renamed.items():
        ours = ours.replace(here, there)
    assert list(map(plain, ours.splitlines())) == list(map(plain, rows(flat)))


@pytest.mark.parametrize(
    ("make", "count"),
    [
        (recipes.mnist_net, 104_202),
        (convolutions, 55_744),
        (recipes.mnist_first_edition_net, 93_322),
        (recipes.mnist_dense_net, 407_050),
        (recipes.fashion_mnist_net, 1_413_834),
        (lambda: convolutions(pooled=False), 55_744),
    ],
)
def test_the_counts_of_the_books(make, count):
    model = make()
    assert model.count_params() == count
    assert counts(model) == (count, count)
    assert f"Total params: {count:,}" in lines_of(model)


def test_without_pools_the_dense_layers_are_as_large_as_the_books_say():
    model = convolutions(pooled=False)
    model.add(layers.Flatten())
    assert model.layers[-1].output.shape == (None, 30_976)
    model.add(layers.Dense(512, name="wide"))
    assert model.get_layer("wide").count_params() == 15_860_224
    inputs = striate.Input((28, 28, 1))
    x = inputs
    for filters in (32, 64, 128):
        x = layers.Conv2D(filters, 3)(x)
    x = layers.Flatten()(x)
    dense = layers.Dense(10)
    dense(x)
    assert x.shape == (None, 61_952)
    assert dense.count_params() == 619_530


def test_a_graph_with_branches_says_what_is_connected_to_what():
    x = striate.Input((8, 8, 3), name="photo")
    a = layers.Conv2D(4, 1, name="a")(x)
    b = layers.Conv2D(4, 1, name="b")(x)
    both = layers.Add(name="both")([a, b])
    lines = lines_of(striate.Model(x, both))
    assert plain(lines[2]) == "Layer (type) Output Shape Param # Connected to"
    rows = [plain(line) for line in lines]
    assert "photo (InputLayer) [(None, 8, 8, 3)] 0" in rows
    assert "a (Conv2D) (None, 8, 8, 4) 16 photo[0][0]" in rows
    assert "b (Conv2D) (None, 8, 8, 4) 16 photo[0][0]" in rows
    at = rows.index("both (Add) (None, 8, 8, 4) 0 a[0][0]")
    assert rows[at + 1] == "b[0][0]"
    assert max(map(len, lines)) == 98


def test_open_sizes_and_moving_statistics():
    model = striate.Sequential(
        [layers.Conv2D(4, 3, input_shape=(None, None, 3)), layers.BatchNormalization()]
    )
    rows = [plain(line) for line in lines_of(model)]
    assert "conv2d (Conv2D) (None, None, None, 4) 112" in rows
    assert "batch_normalization (BatchNo (None, None, None, 4) 16" in rows
    assert rows[-4:-1] == ["Total params: 128", "Trainable params: 120", "Non-trainable params: 8"]
    model.trainable = False
    assert "Trainable params: 0" in lines_of(model)


def test_a_shared_layer_counts_once():
    left, right = striate.Input((4,), name="left"), striate.Input((4,), name="right")
    dense = layers.Dense(3)
    model = striate.Model([left, right], layers.Concatenate()([dense(left), dense(right)]))
    assert model.count_params() == 15
    assert sum(line.startswith("dense") for line in lines_of(model)) == 1


def test_a_subclass_after_its_first_batch():
    class Net(striate.Model):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(3)

        def call(self, x):
            return self.dense(x)

    net = Net()
    with pytest.raises(NotBuiltError, match=r'Net "net": `summary` must wait until the input'):
        net.summary()
    net(np.zeros((2, 4), "float32"))
    assert plain(lines_of(net)[0]) == 'Model: "net"'
    assert "dense (Dense) (None, 3) 15" in [plain(line) for line in lines_of(net)]


def test_an_unbuilt_sequential_says_what_to_do():
    with pytest.raises(NotBuiltError, match=r"Got a layer that is not built\. Give input_shape"):
        striate.Sequential([layers.Dense(3)]).summary()
