"""save and load_model: the same outputs to the last bit, and data only in the folder."""

import json

import numpy as np
import pytest
import torch

import striate
from striate import layers, recipes, structure
from striate.errors import ArgumentError, NotBuiltError, WeightsError
from striate.layers import register_function, register_layer
from striate.models.loading import read_model_folder
from striate.records import Preprocess


@register_function("test_saving_half")
def half(x):
    return x / 2


@register_layer("TestSavingUnit")
class Unit(layers.Layer):
    """A registered layer of layers."""

    def __init__(self, filters, **base):
        super().__init__(**base)
        self.filters = filters
        self.main = [layers.Conv2D(filters, 3, padding="same"), layers.BatchNormalization()]

    def call(self, x):
        y = x
        for layer in self.main:
            y = layer(y)
        return y


@register_layer("TestSavingNet")
class Net(striate.Model):
    """A registered subclass of Model."""

    def __init__(self, units, **base):
        super().__init__(**base)
        self.units = units
        self.dense = layers.Dense(units)

    def call(self, x):
        return self.dense(x.flatten(1))


def functional():
    x = inputs = striate.Input((8, 8, 3), name="photo")
    x = layers.Rescaling(1 / 255)(x)
    a = layers.Conv2D(4, 3, padding="same", kernel_regularizer="l2", name="a")(x)
    b = layers.Conv2D(4, 3, padding="same", activation="relu", name="train")(x)
    x = layers.Concatenate()([a, b, a + b])
    x = layers.Dropout(0.5)(layers.BatchNormalization()(x))
    x = layers.Lambda(half)(layers.GlobalAveragePooling2D()(x))
    return striate.Model(inputs, layers.Dense(3, "softmax", name="type")(x), name="branches")


def twins():
    left, right = striate.Input((8, 8, 3), name="left"), striate.Input((8, 8, 3), name="right")
    shared = layers.Conv2D(4, 3)
    base = striate.Sequential([layers.Flatten(input_shape=(6, 6, 4)), layers.Dense(2)], name="base")
    a, b = base(shared(left)), base(shared(right))
    outputs = {"same": layers.Dense(1)(layers.Concatenate()([a, b])), "codes": (a, b)}
    return striate.Model({"left": left, "right": right}, outputs)


def nested_twice():
    """A layer that stands in a model inside, and in the model itself."""
    x = striate.Input((8, 8, 3))
    conv = layers.Conv2D(3, 3, padding="same", name="conv")
    base = striate.Model(x, layers.MaxPooling2D(2)(conv(x)), name="base")
    y = striate.Input((8, 8, 3))
    return striate.Model(y, base(conv(y)))


MODELS = {
    "functional": functional,
    "twins": twins,
    "nested_twice": nested_twice,
    "sequential": lambda: striate.Sequential(
        [Unit(4, input_shape=(8, 8, 3)), Net(2), layers.Softmax()]
    ),
    "subclass": lambda: built(Net(2)),
    "geron": recipes.fashion_mnist_net,
}


def built(net):
    net.build((None, 8, 8, 3))
    return net


def inputs_of(name):
    generator = torch.Generator().manual_seed(3)
    shape = (2, 28, 28, 1) if name == "geron" else (2, 8, 8, 3)
    left, right = (torch.rand(shape, generator=generator) for _ in "ab")
    return {"left": left, "right": right} if name == "twins" else left


@pytest.mark.parametrize("name", MODELS)
def test_a_loaded_model_gives_the_same_bits(name, tmp_path):
    net = MODELS[name]()
    x = inputs_of(name)
    net(x, training=True)  # moving statistics other than 0 and 1
    net.save(tmp_path / "net")
    again = striate.load_model(tmp_path / "net")
    assert type(again) is type(net)
    assert again.name == net.name
    assert again.layer_names == net.layer_names
    assert list(again.state_dict()) == list(net.state_dict())
    assert again.count_params() == net.count_params()
    for mine, theirs in zip(structure.leaves(again(x)), structure.leaves(net(x)), strict=True):
        assert torch.equal(mine, theirs)
    if isinstance(net(x), dict):
        assert list(again(x)) == list(net(x))
    kernels = [p for p in again.parameters() if p.dim() == 4]
    assert all(p.is_contiguous(memory_format=torch.channels_last) for p in kernels)
    assert all(p.requires_grad for p in again.parameters())
    assert not any(m.training for m in again.modules() if isinstance(m, layers.Layer))
    assert again.to_json() == net.to_json()


def test_a_layer_in_two_places_is_still_one_layer(tmp_path):
    nested_twice().save(tmp_path / "net")
    net = striate.load_model(tmp_path / "net")
    assert net.get_layer("base").get_layer("conv") is net.get_layer("conv")
    assert net.count_params() == 84


def test_a_loaded_model_goes_on_training(tmp_path):
    net = functional()
    net.save(tmp_path / "net")
    again = striate.load_model(tmp_path / "net")
    x, y = inputs_of("functional"), torch.tensor([0, 2])
    for model in (net, again):
        model.compile("adam", loss="sparse_categorical_crossentropy")
        model.fit(x, y, epochs=2, seed=5, verbose=0)
    for a, b in zip(net.get_weights(), again.get_weights(), strict=True):
        assert np.array_equal(a, b)


def test_frozen_layers_stay_frozen(tmp_path):
    net = functional()
    net.get_layer("a").trainable = False
    net.save(tmp_path / "net")
    again = striate.load_model(tmp_path / "net")
    assert not again.get_layer("a").trainable
    wanted = [p.requires_grad for p in net.parameters()]
    assert [p.requires_grad for p in again.parameters()] == wanted
    net.trainable = False
    net.save(tmp_path / "net")
    again = striate.load_model(tmp_path / "net")
    assert not again.trainable
    assert not any(p.requires_grad for p in again.parameters())


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_number_types_are_kept(dtype, tmp_path):
    net = recipes.mnist_net().to(dtype)
    net.save(tmp_path / "net")
    again = striate.load_model(tmp_path / "net")
    assert {p.dtype for p in again.parameters()} == {dtype}
    x = torch.rand(1, 28, 28, 1, dtype=dtype)
    assert torch.equal(again(x), net(x))


def test_labels_preprocessing_and_card(tmp_path):
    wish = Preprocess(size=(8, 8), scale=1 / 255, mean=(0.5,), std=(0.25,), order="bgr")
    labels = ["cat", "dög", "a b"]
    functional().save(tmp_path / "net", labels=labels, preprocess=wish)
    found = read_model_folder(tmp_path / "net")
    assert found.labels == tuple(labels)
    assert found.preprocess == wish
    card = (tmp_path / "net" / "README.md").read_text()
    assert "# branches" in card
    assert "type (Dense)" in card
    functional().save(tmp_path / "net", card="my own words")
    assert (tmp_path / "net" / "README.md").read_text() == "my own words"
    assert read_model_folder(tmp_path / "net").labels is None


def test_details_come_back(tmp_path):
    functional().save(tmp_path / "net", details={"temperature": 1.25, "names": ["ä"]})
    assert read_model_folder(tmp_path / "net").details == {"temperature": 1.25, "names": ["ä"]}
    functional().save(tmp_path / "net")
    assert read_model_folder(tmp_path / "net").details == {}
    for value in (float("nan"), object()):
        with pytest.raises(ArgumentError, match=r"`details` must be a record that JSON can hold"):
            functional().save(tmp_path / "net", details={"temperature": value})


def test_the_folder_holds_data_only(tmp_path):
    functional().save(tmp_path / "net")
    names = sorted(path.name for path in (tmp_path / "net").iterdir())
    assert names == ["README.md", "manifest.json", "model.json", "model.safetensors"]
    content = json.loads((tmp_path / "net" / "model.json").read_text())
    assert content["format"] == 1
    assert "test_saving_half" in json.dumps(content)
    assert __name__ not in json.dumps(content)


def test_what_stands_there(tmp_path):
    functional().save(tmp_path / "net")
    recipes.mnist_net().save(tmp_path / "net")
    assert striate.load_model(tmp_path / "net").count_params() == 104_202
    with pytest.raises(WeightsError, match="not stand yet"):
        functional().save(tmp_path / "net", overwrite=False)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(WeightsError, match="be empty or written by striate to be replaced"):
        functional().save(tmp_path / "mine")
    assert (tmp_path / "mine" / "thesis.txt").exists()


class Strange(layers.Layer):
    def call(self, x):
        return x


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (lambda: layers.Lambda(lambda x: x), r'Lambda "lambda".*have a registered function'),
        (Strange, r'Strange "strange".*registered class.*@striate\.layers\.register_layer\("Str'),
        (lambda: layers.Dense(1, activation=lambda x: x), r'Dense "dense".*registered function'),
    ],
)
def test_code_is_never_stored(layer, words, tmp_path):
    net = striate.Sequential([striate.Input((3,)), layer()])
    with pytest.raises(WeightsError, match=words):
        net.save(tmp_path / "net")
    assert not list(tmp_path.iterdir())


def test_errors_before_anything_is_written(tmp_path):
    with pytest.raises(NotBuiltError, match="`to_json` must wait until"):
        striate.Sequential([layers.Dense(1)]).save(tmp_path / "net")
    for labels in (["a", ""], ["a\nb"], ["a\n"], ["caf\udce9"], [1]):
        with pytest.raises(ArgumentError, match=r"save: `labels` must be names of one line each"):
            functional().save(tmp_path / "net", labels=labels)
    assert not list(tmp_path.iterdir())
