"""A classifier for pictures of any size against the given net on every window, cut out by hand."""

import re

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import striate
from striate import layers
from striate.errors import ArgumentError, NotBuiltError, ShapeError, WeightsError
from striate.models import receptive_fields
from striate.models.fully_convolutional import to_fully_convolutional
from striate.models.origin import Origin


def shaken(net):
    """The net with numbers everywhere, in float64."""
    generator = torch.Generator().manual_seed(1)
    for name, tensor in net.state_dict().items():
        tensor.copy_(torch.rand(tensor.shape, generator=generator) - 0.4 * ("var" not in name))
    return net.double()


def windows(net, picture, shape, stride):
    """What the net answers for each window of a picture, as a map."""
    h, w = shape[:2]
    rows = range(0, picture.shape[1] - h + 1, stride)
    columns = range(0, picture.shape[2] - w + 1, stride)
    grid = [[net(picture[:, r : r + h, c : c + w]) for c in columns] for r in rows]
    return torch.stack([torch.stack(row, 1) for row in grid], 1)


def assert_slides(net, twin, *, stride, more=(2, 3)):
    """Checks the twin on a picture that is larger by so many strides."""
    h, w, c = net.inputs[0].shape[1:]
    picture = torch.rand(2, h + more[0] * stride, w + more[1] * stride, c).double()
    with torch.no_grad():
        expected = windows(net, picture, (h, w), stride)
        found = twin(picture)
    assert found.shape[1:3] == (more[0] + 1, more[1] + 1)
    torch.testing.assert_close(found, expected.reshape(found.shape), rtol=1e-9, atol=1e-12)
    native = twin(picture[:, :h, :w])
    assert native.shape[1:3] == (1, 1)


def test_the_books_net_slides_over_a_larger_picture():
    net = striate.recipes.mnist_net()
    twin = to_fully_convolutional(net)
    x = torch.rand(3, 28, 28, 1)
    torch.testing.assert_close(twin(x)[:, 0, 0], net(x), rtol=0, atol=1e-5)
    shaken(net)
    assert_slides(net, to_fully_convolutional(net), stride=4, more=(8, 4))


def test_a_net_for_224_gives_8_by_8_on_448():
    twin = to_fully_convolutional(striate.architectures.sketch("vgg16", classes=10))
    assert twin.output_shape((1, 224, 224, 3)) == (1, 1, 1, 10)
    assert twin.output_shape((1, 448, 448, 3)) == (1, 8, 8, 10)
    assert twin.count_params() == striate.architectures.sketch("vgg16", classes=10).count_params()
    kernels = {
        each.name: each.kernel_size for each in twin.layers[-5:] if "kernel_size" in vars(each)
    }
    assert kernels == {"fc1": (7, 7), "fc2": (1, 1), "predictions": (1, 1)}
    assert receptive_fields(twin, 448)["predictions"][0].size_px == 212 + 6 * 32


def two_poolings(x):
    mean, largest = layers.GlobalAveragePooling2D()(x), layers.GlobalMaxPooling2D()(x)
    return layers.Dense(4, activation="softmax")(layers.Concatenate()([mean, largest]))


def chain(*parts):
    def head(x):
        for part in parts:
            x = part(x)
        return x

    return head


HEADS = {
    "flatten": lambda: chain(layers.Flatten(), layers.Dense(4, activation="softmax")),
    "dense layers": lambda: chain(
        layers.Flatten(),
        layers.Dropout(0.5),
        layers.ReLU(),
        layers.Activation("tanh"),
        layers.Dense(6, activation="relu", use_bias=False),
        layers.BatchNormalization(),
        layers.LayerNormalization(),
        layers.Dense(3),
        layers.Softmax(),
    ),
    "channels first": lambda: chain(
        layers.Permute((3, 1, 2)), layers.Flatten(), layers.Dense(4, activation="softmax")
    ),
    "reshaped": lambda: chain(layers.Reshape((-1,)), layers.Dense(4)),
    "mean": lambda: chain(layers.GlobalAveragePooling2D(), layers.Dense(4)),
    "largest": lambda: chain(layers.GlobalMaxPooling2D(), layers.Dense(4)),
    "no dense": lambda: chain(layers.GlobalMaxPooling2D()),
    "as a map": lambda: chain(
        layers.GlobalAveragePooling2D(),
        layers.Reshape((1, 1, 5)),
        layers.Conv2D(4, 1, activation="softmax"),
        layers.Flatten(),
    ),
    "fixed windows": lambda: chain(
        layers.AdaptiveAveragePooling2D(2), layers.Flatten(), layers.Dense(4)
    ),
    "no windows": lambda: chain(
        layers.AdaptiveAveragePooling2D(4), layers.Flatten(), layers.Dense(4)
    ),
    "two poolings": lambda: two_poolings,
    "a net": lambda: chain(
        striate.Sequential([layers.Flatten(), layers.Dense(5), layers.Dense(2)])
    ),
    "a net on a row": lambda: chain(
        layers.Flatten(), striate.Sequential([layers.Dense(5), layers.Dense(2)])
    ),
}


def body(x):
    """11 x 11 pixels become a map of 4 x 4 with a stride of 2; none is padded."""
    x = layers.Conv2D(3, 2, activation="relu")(x)
    wide = layers.Conv2D(5, 3)(x)
    narrow = layers.Cropping2D(1)(layers.Conv2D(5, 1)(x))
    return layers.MaxPooling2D(2)(layers.Add()([wide, narrow]))


@pytest.mark.parametrize("kind", HEADS)
def test_every_kind_of_head(kind):
    inputs = striate.Input((11, 11, 2))
    net = shaken(striate.Model(inputs, HEADS[kind]()(body(inputs)), name="small"))
    twin = to_fully_convolutional(net)
    assert set(twin.state_dict()) == set(net.state_dict())
    assert twin.name == "small"
    assert_slides(net, twin, stride=4 if kind == "fixed windows" else 2)


@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(1, 2)), min_size=1, max_size=3),
    st.booleans(),
)
def test_any_chain_slides(steps, is_flat):
    net = striate.Sequential([striate.Input((17, 18, 1))])
    stride = 1
    for kernel, step in steps:
        net.add(layers.Conv2D(2, (kernel, 2), strides=step, activation="relu"))
        stride *= step
    net.add(layers.Flatten() if is_flat else layers.GlobalAveragePooling2D())
    net.add(layers.Dense(3, activation="softmax"))
    shaken(net)
    twin = to_fully_convolutional(net)
    assert isinstance(twin, striate.Sequential)
    assert_slides(net, twin, stride=stride, more=(1, 2))


def test_a_net_inside_a_net():
    base = striate.Sequential([layers.Conv2D(3, 2, input_shape=(None, None, 2))], name="base")
    net = striate.Sequential(
        [striate.Input((6, 7, 2)), base, layers.GlobalAveragePooling2D(), layers.Dense(2)]
    )
    shaken(net)
    twin = to_fully_convolutional(net)
    assert isinstance(twin.layers[0], striate.Sequential)
    assert_slides(net, twin, stride=1)
    inputs = striate.Input((11, 11, 2))
    inner = striate.Input((11, 11, 2))
    pooled = striate.Model(inner, layers.GlobalAveragePooling2D()(body(inner)), name="pooled")
    net = shaken(striate.Model(inputs, layers.Dense(3)(pooled(inputs, training=False))))
    assert_slides(net, to_fully_convolutional(net), stride=2)


def test_several_answers():
    x = inputs = striate.Input((11, 11, 2))
    x = layers.Flatten()(body(x))
    answers = {"what": layers.Dense(3, activation="softmax")(x), "where": layers.Dense(4)(x)}
    net = shaken(striate.Model(inputs, answers))
    found = to_fully_convolutional(net)(torch.rand(1, 13, 15, 2).double())
    assert {name: tuple(each.shape) for name, each in found.items()} == {
        "what": (1, 2, 3, 3),
        "where": (1, 2, 3, 4),
    }


def test_layers_that_are_called_twice():
    x = inputs = striate.Input((9, 9, 2))
    same, dense = layers.Conv2D(2, 2), layers.Dense(5)
    x = layers.Flatten()(same(same(x)))
    x = layers.Dense(5)(x)
    net = shaken(striate.Model(inputs, dense(dense(x))))
    assert_slides(net, to_fully_convolutional(net), stride=1)


@pytest.mark.parametrize("name", ["mobilenet_v1", "mobilenet_v3_small", "efficientnet_b0"])
def test_architectures_answer_the_same_at_their_size(name):
    net = striate.architectures.ARCHITECTURES.get(name)((64, 64, 3), 5)
    twin = to_fully_convolutional(net)
    x = torch.rand(1, 64, 64, 3)
    with torch.no_grad():
        torch.testing.assert_close(twin(x).flatten(), net(x).flatten(), rtol=0, atol=1e-5)
        assert twin(torch.rand(1, 96, 128, 3)).shape == (1, 2, 3, 5)
    assert list(twin.stages) == list(net.stages)
    assert twin.origin == net.origin == Origin(name, "paper")
    assert twin.features("stage2" if "stage2" in twin.stages else next(iter(twin.stages)))


@pytest.mark.parametrize("name", ["vgg11:torchvision", "googlenet", "lenet5"])
def test_architectures_of_other_manners(name):
    name, _, dialect = name.partition(":")
    net = striate.architectures.sketch(name, dialect=dialect or "paper")
    twin = to_fully_convolutional(net)
    h, w, c = net.inputs[0].shape[1:]
    assert twin.output_shape((1, h, w, c)) == (1, 1, 1, net.output.shape[-1])
    assert twin.output_shape((1, h + 32, w + 64, c))[1:3] in ((2, 3), (9, 17))
    assert {weight.device.type for weight in twin.parameters()} == {"meta"}


def test_the_given_net_stays_as_it_is():
    net = striate.Sequential(
        [
            layers.Conv2D(3, 2, input_shape=(5, 5, 1), trainable=False),
            layers.Flatten(),
            layers.Dense(4, kernel_regularizer="l2"),
        ]
    )
    before = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    twin = to_fully_convolutional(net)
    assert [layer.trainable for layer in twin.layers] == [False, True]
    assert type(twin.layers[1].kernel_regularizer) is type(net.layers[2].kernel_regularizer)
    with torch.no_grad():
        for weight in twin.parameters():
            weight += 1.0
    assert all(torch.equal(before[name], now) for name, now in net.state_dict().items())
    assert net.output.shape == (None, 4)
    assert twin.layers[1].weight.is_contiguous(memory_format=torch.channels_last)


def test_it_is_a_model_like_any(tmp_path):
    net = striate.recipes.fashion_mnist_net()
    twin = to_fully_convolutional(net)
    twin.save(tmp_path / "net")
    x = np.random.default_rng(0).random((1, 36, 28, 1), dtype=np.float32)
    np.testing.assert_allclose(striate.load_model(tmp_path / "net").predict(x), twin.predict(x))
    twin.compile(loss="sparse_categorical_crossentropy")
    twin.fit(x[:, :28], np.zeros((1, 1, 1), dtype=np.int64), verbose=0)


def joined(head, size=(11, 11, 2)):
    inputs = striate.Input(size)
    return striate.Model(inputs, head(inputs))


def gate_and_answer(x):
    gate = layers.GlobalAveragePooling2D()(x)
    weighed = layers.Multiply()([x, layers.Reshape((1, 1, 2))(gate)])
    return [weighed, layers.Dense(2)(gate)]


def gate_as_answer(x):
    gate = layers.GlobalAveragePooling2D(keepdims=True)(x)
    return [layers.Multiply()([x, gate]), gate]


def two_orders(x):
    dense = layers.Dense(2)
    turned = layers.Flatten()(layers.Permute((3, 1, 2))(x))
    return layers.Add()([dense(layers.Flatten()(x)), dense(turned)])


def rows_side_by_side(x):
    rows = [layers.GlobalAveragePooling2D()(x), layers.GlobalMaxPooling2D()(x)]
    return layers.Concatenate(axis=1)(rows)


BY_POSITION = "`net` must end in layers that can be asked at each position of a map."
REFUSED = [
    (
        "is in the way: it stands between the map and the first Dense layer",
        chain(layers.Flatten(), layers.BatchNormalization(), layers.Dense(2)),
    ),
    ("where the answer is the numbers of a whole map", chain(body, layers.Flatten())),
    (
        'Activation "mixed" is in the way',
        chain(layers.Flatten(), layers.Activation("softmax", name="mixed"), layers.Dense(2)),
    ),
    (
        "is in the way: it sees a part of the numbers at a time",
        chain(layers.Flatten(), layers.Reshape((11, 22)), layers.Dense(2)),
    ),
    ("is in the way: axis=-1 means the same in a row and in a map", rows_side_by_side),
    (
        "is in the way: it does not treat each position of a map alike",
        chain(layers.GlobalAveragePooling2D(), layers.Lambda(torch.abs), layers.Dense(2)),
    ),
    (
        "is in the way: its (3, 3) windows on (4, 4) pixels differ in size",
        chain(body, layers.AdaptiveAveragePooling2D(3), layers.Flatten(), layers.Dense(2)),
    ),
    ("where one pooling serves both an answer and a map", gate_and_answer),
    ("where one pooling serves both an answer and a map", gate_as_answer),
    ("is called on maps of several sizes or orders", two_orders),
]


@pytest.mark.parametrize(("words", "head"), REFUSED, ids=range(len(REFUSED)))
def test_what_cannot_be_asked_by_position(words, head):
    with pytest.raises(ArgumentError, match=re.escape(words)) as found:
        to_fully_convolutional(joined(head))
    assert BY_POSITION in str(found.value)


def test_other_refusals():
    def pooled(x):
        return layers.Dense(2)(layers.GlobalAveragePooling2D()(x))

    words = "must take one picture (n, h, w, c) of known size. Got net='Model"
    for net in (joined(pooled, (None, None, 3)), joined(layers.Dense(2), (7,))):
        with pytest.raises(ArgumentError, match=re.escape(words)):
            to_fully_convolutional(net)
    words = "hold no layer that gives pictures of every size one size. Got net='Resizing"
    with pytest.raises(ArgumentError, match=re.escape(words)):
        to_fully_convolutional(joined(chain(layers.Resizing(8, 8), pooled)))
    chained = striate.Sequential([layers.Resizing(8, 8, input_shape=(9, 9, 1)), layers.Flatten()])
    with pytest.raises(ArgumentError, match=re.escape(words)):
        to_fully_convolutional(striate.Sequential([*chained.layers, layers.Dense(2)]))
    with pytest.raises(ShapeError, match="have known sizes along axis="):
        to_fully_convolutional(joined(chain(layers.LayerNormalization(axis=(1, 2, 3)), pooled)))
    with pytest.raises(NotBuiltError, match="must wait until the input shape is known"):
        to_fully_convolutional(striate.Sequential([layers.Flatten(), layers.Dense(2)]))


class Doubled(layers.Layer):
    def call(self, x):
        return 2 * x


def test_a_layer_that_is_not_registered():
    net = joined(chain(Doubled(), layers.Flatten(), layers.Dense(2)))
    with pytest.raises(WeightsError, match="be of a registered class to be saved"):
        to_fully_convolutional(net)
