"""load_weights: from folders, safetensors and state dicts, all or nothing."""

import warnings

import numpy as np
import pytest
import safetensors.torch
import torch
from torch import nn

import striate
from striate import layers
from striate.errors import ArgumentError, NotBuiltError, WeightsError
from striate.io.store import write_folder
from tests.models.nets import pictures, small
from tests.models.small_net import X, Y, ready


def convnet():
    """The same net in both worlds: convolution, normalization, mean, dense."""
    ours = striate.Sequential(
        [
            layers.Conv2D(4, 3, activation="relu", input_shape=(8, 8, 3), name="conv"),
            layers.BatchNormalization(epsilon=1e-5, name="bn"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(5, name="fc"),
        ]
    )

    class Theirs(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv, self.bn = nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4)
            self.fc = nn.Linear(4, 5)

        def forward(self, x):
            return self.fc(self.bn(self.conv(x).relu()).mean((2, 3)))

    theirs = Theirs()
    for _ in range(3):
        theirs(torch.randn(8, 3, 8, 8))  # moving statistics of their own
    return ours, theirs.eval()


@pytest.mark.parametrize("newer", [True, False])
def test_a_torch_net_gives_the_same_numbers(newer, tmp_path, close):
    ours, theirs = convnet()
    whole = {"epoch": 3, "state_dict": theirs.state_dict()}
    torch.save(whole, tmp_path / "w.pth", _use_new_zipfile_serialization=newer)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        report = ours.load_weights(tmp_path / "w.pth")
    assert report.matched["_layers.conv.weight"] == "conv.weight"
    assert report.left_out == ("epoch", "bn.num_batches_tracked")
    x = pictures()
    with torch.no_grad():
        close(ours(x), theirs(x.permute(0, 3, 1, 2)))
    assert ours.get_layer("conv").weight.is_contiguous(memory_format=torch.channels_last)


def test_a_wrapped_net(tmp_path):
    ours, theirs = convnet()
    state = {f"module.{name}": tensor for name, tensor in theirs.state_dict().items()}
    safetensors.torch.save_file(state, tmp_path / "w.safetensors")
    assert ours.load_weights(str(tmp_path / "w.safetensors")).fits


@pytest.mark.parametrize("form", ["folder", "run", "old", "pt", "safetensors"])
def test_ones_own_weights(form, tmp_path):
    model, other = small(), small()
    path = tmp_path / "net"
    if form == "pt":
        torch.save(model.state_dict(), path)
    elif form == "safetensors":
        safetensors.torch.save_file(
            {n: t.contiguous() for n, t in model.state_dict().items()}, path
        )
    else:
        model.save(path / "model" if form == "run" else path)
    if form == "run":
        (path / "metrics.jsonl").write_text("{}")
    if form == "old":  # a crash between two renames leaves it so
        path.rename(tmp_path / ".net.old")
    before = [tensor.data_ptr() for tensor in other.weights]
    other.load_weights(path)
    assert all(a.equal(b) for a, b in zip(model.weights, other.weights, strict=True))
    assert [tensor.data_ptr() for tensor in other.weights] == before


def test_numbers_are_cast_to_the_models_kind(tmp_path):
    model = small()
    state = {name: tensor.double() for name, tensor in model.state_dict().items()}
    torch.save(state, tmp_path / "w.pt")
    other = small()
    other.load_weights(tmp_path / "w.pt")
    assert {tensor.dtype for tensor in other.weights} == {torch.float32}
    assert all(a.equal(b) for a, b in zip(model.weights, other.weights, strict=True))


@pytest.mark.parametrize(
    ("change", "words", "note"),
    [
        (
            lambda state: state.__delitem__("fc.bias"),
            r"Got 7 that fit, 1 missing \(_layers\.fc\.bias\)\. Rename them",
            "missing  _layers.fc.bias",
        ),
        (
            lambda state: state.update(more=torch.ones(1)),
            r"Got 8 that fit, 1 unused \(more\)\.",
            "unused   more",
        ),
        (
            lambda state: state.update({"fc.bias": torch.ones(6)}),
            r"Got 7 that fit, 1 unlike \(_layers\.fc\.bias\)\.",
            "unlike   _layers.fc.bias  float32 (5,), not float32 (6,)",
        ),
        (
            lambda state: state.update({"fc.bais": state.pop("fc.bias")}),
            r"Got 7 that fit, 1 missing \(_layers\.fc\.bias\), 1 unused \(fc\.bais\)",
            "missing  _layers.fc.bias  nearest fc.bais\nunused   fc.bais",
        ),
    ],
)
def test_what_does_not_fit_changes_nothing(change, words, note, tmp_path):
    ours, theirs = convnet()
    state = dict(theirs.state_dict())
    change(state)
    safetensors.torch.save_file(state, tmp_path / "w")
    before = [array.copy() for array in ours.get_weights()]
    with pytest.raises(
        WeightsError, match=r'must hold the weights of Sequential ".*none was'
    ) as got:
        ours.load_weights(tmp_path / "w")
    assert got.match(words)
    assert got.value.__notes__ == [note]
    assert all(map(np.array_equal, before, ours.get_weights()))


def test_a_note_of_much_that_does_not_fit_names_the_first_dozen(tmp_path):
    ours, theirs = convnet()
    state = dict(theirs.state_dict()) | {f"more{n:02}": torch.ones(1) for n in range(14)}
    safetensors.torch.save_file(state, tmp_path / "w")
    with pytest.raises(WeightsError, match=r"14 unused \(more.* and 8 more\)") as got:
        ours.load_weights(tmp_path / "w")
    *lines, last = got.value.__notes__[0].split("\n")
    assert len({line for line in lines if line.startswith("unused   more")}) == len(lines) == 12
    assert last == "… and 2 more"


def test_refusals(tmp_path):
    model = small()
    with pytest.raises(WeightsError, match=r'^Weights ".*none": must be a file that can be read'):
        model.load_weights(tmp_path / "none")
    (tmp_path / "empty").mkdir()
    with pytest.raises(WeightsError, match=r"must hold manifest\.json"):
        model.load_weights(tmp_path / "empty")
    write_folder(tmp_path / "bytes", {"model.safetensors": b"x"})
    with pytest.raises(WeightsError, match=r"must hold tensors in model\.safetensors\. Got bytes"):
        model.load_weights(tmp_path / "bytes")
    write_folder(tmp_path / "other", {"a": b"x"})
    with pytest.raises(WeightsError, match=r"must hold model\.safetensors\. Got only a"):
        model.load_weights(tmp_path / "other")
    with pytest.raises(NotBuiltError, match="load_weights"):
        striate.Sequential([layers.Dense(2)]).load_weights(tmp_path / "bytes")


def flat(side=4, channels=3):
    inputs = striate.Input((side, side, channels))
    x = layers.Dense(2, name="fc")(layers.Dropout(0.1)(layers.Flatten()(inputs)))
    return striate.Model(inputs, layers.Dense(2, name="head")(x))


@pytest.mark.parametrize(
    ("side", "channels", "warns"), [(4, 3, True), (1, 3, False), (4, 1, False)]
)
def test_another_order_behind_flatten_is_warned_of(side, channels, warns, tmp_path):
    model = flat(side, channels)
    state = {name.replace("_layers.", ""): t for name, t in model.state_dict().items()}
    safetensors.torch.save_file(state, tmp_path / "w")
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        model.load_weights(tmp_path / "w")
    assert len(seen) == warns
    if warns:
        assert 'Dense "fc" stands behind a Flatten' in str(seen[0].message)
        assert seen[0].filename == __file__
    model.save(tmp_path / "own")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model.load_weights(tmp_path / "own")


def test_an_average_belongs_to_the_weights_that_were(tmp_path):
    model = ready()
    model.save(tmp_path / "before")
    model.fit(X, Y, epochs=1, ema=0.9, verbose=0)
    assert model.ema is not None
    model.load_weights(tmp_path / "before")
    assert model.ema is None
    loaded = [array.copy() for array in model.get_weights()]
    model.evaluate(X, Y, verbose=0)
    assert all(map(np.array_equal, loaded, model.get_weights()))
    with pytest.raises(ArgumentError, match="`filepath` must be the path of a file or folder"):
        model.load_weights(3)
