"""Which array of a Keras file is which weight: what decides, and what is refused."""

import pytest
import torch

import striate
from striate import layers
from striate.architectures import convnext_tiny, densenet121
from striate.errors import WeightsError
from striate.io.foreign.converter import ForeignWeights
from striate.io.foreign.keras_contents import KerasContents, KerasLayer
from striate.models.keras_layers import layers_in_keras
from striate.models.keras_names import match_keras


def file(arrays, kind="weights.h5"):
    """What a Keras file holds: for each layer its arrays, in the file's order."""
    tensors = {f"{name}/{n}": t for name, row in arrays.items() for n, t in enumerate(row)}
    rows = tuple(KerasLayer(name, "", len(row)) for name, row in arrays.items())
    return ForeignWeights(kind, tensors, ("optimizer",), KerasContents(rows))


def match(model, foreign):
    return match_keras(model, foreign, foreign.keras, place="F")


def dense(*names, sizes=(3, 2, 2)):
    units = [layers.Dense(size, name=name) for size, name in zip(sizes[1:], names, strict=False)]
    model = striate.Sequential(units)
    model.build((None, sizes[0]))
    return model


def arrays(rows, columns, start=0.0):
    return torch.arange(start, start + rows * columns).view(rows, columns), torch.ones(columns)


def test_views_are_the_targets():
    model = dense("a", None)
    first, second = arrays(3, 2), arrays(2, 2, 10.0)
    found = match(model, file({"a": first, "dense_7": second}))
    assert found.report.fits
    assert found.report.source == "keras"
    assert found.report.left_out == ("optimizer",)
    assert found.report.matched == {
        "_layers.a.weight": "a/0",
        "_layers.a.bias": "a/1",
        "_layers.dense.weight": "dense_7/0",
        "_layers.dense.bias": "dense_7/1",
    }
    for name, tensor in found.tensors.items():
        found.targets[name].data.copy_(tensor)
    assert torch.equal(model.layers[0].weight, first[0].T)
    assert torch.equal(model.layers[1].weight, second[0].T)


def test_unlike_numbers_of_arrays_are_not_matched_by_halves():
    model = striate.Sequential([layers.BatchNormalization(name="norm")])
    model.build((None, 4))
    report = match(model, file({"norm": [torch.ones(4)] * 3})).report  # scale=False there
    assert not report.matched
    assert len(report.missing) == 4
    assert report.unused == ("norm/0", "norm/1", "norm/2")


def test_other_names_are_reported():
    report = match(dense("a", "b"), file({"a": arrays(3, 2), "c": arrays(2, 2)})).report
    assert list(report.missing) == ["_layers.b.weight", "_layers.b.bias"]
    assert report.unused == ("c/0", "c/1")
    assert report.missing["_layers.b.bias"] in report.unused


def test_numbers_alone_do_not_count():
    made = file({"dense_1": arrays(3, 2), "dense_2": arrays(2, 2)}, "h5")
    report = match(dense(None, None), made).report
    assert report.matched["_layers.dense.weight"] == "dense_1/0"
    assert report.matched["_layers.dense_1.weight"] == "dense_2/0"


def test_counters_stand_for_layers_with_names():
    report = match(dense("a", "b"), file({"dense": arrays(3, 2), "dense_1": arrays(2, 2)})).report
    assert report.matched["_layers.b.weight"] == "dense_1/0"
    report = match(
        dense("a", "b"), file({"dense": arrays(3, 2), "dense_1": arrays(2, 2)}, "h5")
    ).report
    assert not report.matched  # there these are names


def two_ways(first=3):
    x = striate.Input((4, 4, 3))
    short = layers.Conv2D(3, 1)(x)
    y = layers.Conv2D(first, 1)(x)
    y = layers.Conv2D(3, 1)(y)
    return striate.Model(x, layers.Add()([y, short]))


def kernels(*shapes):
    return [[torch.randn(1, 1, *shape), torch.zeros(shape[1])] for shape in shapes]


def test_two_orders_that_fit_are_refused():
    rows = kernels((3, 3), (3, 3), (3, 3))
    made = ["conv2d_4", "conv2d_5", "conv2d_3"]  # what comes last in the model was made first
    report = match(two_ways(), file(dict(zip(made, rows, strict=True)), "h5")).report
    assert list(report.matched.values())[::2] == ["conv2d_3/0", "conv2d_4/0", "conv2d_5/0"]
    for names in (["conv2d_3", "conv2d_4", "conv2d_5"], ["conv2d", "conv2d_1", "conv2d_2"]):
        with pytest.raises(WeightsError, match="F: must name the layers, or list them in the ord"):
            match(two_ways(), file(dict(zip(names, rows, strict=True))))


def test_where_one_order_fits_it_is_taken():
    rows = kernels((3, 5), (5, 3), (3, 3))
    for names in (["conv2d_3", "conv2d_4", "conv2d_5"], ["conv2d", "conv2d_1", "conv2d_2"]):
        found = match(two_ways(5), file(dict(zip(names, rows, strict=True))))
        assert found.report.fits
        assert list(found.report.matched.values())[::2] == [f"{names[n]}/0" for n in (2, 0, 1)]


@pytest.fixture(scope="module")
def small():
    """Nets of Keras without numbers, by how they are written."""
    with torch.device("meta"):
        return {
            dialect: densenet121((32, 32, 3), 2, dialect=dialect) for dialect in ("keras", "paper")
        }


def of(net, names=None):
    found = layers_in_keras(net)
    return {
        (names or {}).get(each.name, each.name): [view.detach() for view in each.views]
        for each in found
    }


def test_another_dialect_is_refused(small):
    words = (
        'F: must be written for the dialect of the net, "paper". Got names of keras. '
        'Build it as densenet121(dialect="keras").'
    )
    with pytest.raises(WeightsError) as error:
        match(small["paper"], file(of(small["keras"])))
    assert str(error.value) == words
    old = {each.name: f"old/{each.name}" for each in layers_in_keras(small["paper"])}
    with pytest.raises(WeightsError, match="Build it as densenet121"):
        match(small["paper"], file(of(small["keras"], old), "h5"))
    other = {name: row[:1] for name, row in of(small["keras"], old).items()}
    assert not match(small["paper"], file(other, "h5")).report.fits
    few = dict(list(of(small["keras"]).items())[:20])
    assert len(match(small["paper"], file(few)).report.missing) > 500


def test_a_net_that_keras_has_is_read_by_its_order_where_names_are_old(small):
    net = small["keras"]
    old = {each.name: f"old/{each.name}" for each in layers_in_keras(net)}
    assert match(net, file(of(net, old), "h5")).report.fits
    assert not match(net, file(of(net, old))).report.fits  # sorted by names there


def test_layers_without_names_in_keras_alone_are_paired_by_kind():
    with torch.device("meta"):
        net = convnext_tiny((32, 32, 3), include_top=False, dialect="keras")
    bare = {"convnext_tiny_head_layernorm": "layer_normalization_3"}
    report = match(net, file(of(net, bare))).report
    assert report.fits
    assert report.matched["_layers.head_layernorm.weight"] == "layer_normalization_3/0"


def test_weights_that_stand_in_no_layer_are_missing():
    class Own(striate.Model):
        def __init__(self):
            super().__init__()
            self.inside = layers.Dense(2, name="inside")
            self.factor = torch.nn.Parameter(torch.ones(2))

        def call(self, x):
            return self.inside(x) * self.factor

    model = Own()
    model.build((None, 3))
    report = match(model, file({"inside": arrays(3, 2)})).report
    assert list(report.missing) == ["factor"]
    assert len(report.matched) == 2
