"""LeNet-5: the counts of the paper's sections, its table I, its connections, its drawings."""

import itertools

import numpy as np
import pytest
import torch
from tests.architectures.measures import (
    counted_multiply_adds,
    empty,
    multiply_adds,
    total,
    trainable,
)
from tests.architectures.moving import apart, pictures, randomise

import striate
from striate.architectures import lenet5, lenet5_modern
from striate.architectures.lenet import DIGITS, SEEN_BY_C3, drawings
from striate.errors import ArgumentError
from striate.losses import NearestCentre

TABLE_I = """
X . . . X X X . . X X X X . X X
X X . . . X X X . . X X X X . X
X X X . . . X X X . . X . X X X
. X X X . . X X X X . . X . X X
. . X X X . . X X X X . X X . X
. . . X X X . . X X X X . X X X
"""  # a row for each map of S2, a column for each map of C3
TRAINED = {"C1": 156, "S2": 12, "C3": 1516, "S4": 32, "C5": 48_120, "F6": 10_164}
CONNECTIONS = {
    "C1": 122_304,
    "S2": 5_880,
    "C3": 151_600,
    "S4": 2_000,
    "C5": 48_120,
    "F6": 10_164,
    "predictions": 840,
}


def layers_of(net, name):
    pairs = zip(net.layer_names, net.layers, strict=True)
    named = [layer for each, layer in pairs if each == name or each.startswith(f"{name}_of")]
    return [layer for layer in named if layer.weights]


@pytest.mark.parametrize("layer", TRAINED)
def test_trained_parameters_of_section_2(layer):
    found = layers_of(empty("lenet5"), layer)
    assert sum(p.numel() for each in found for p in each.parameters()) == TRAINED[layer]


def test_counts():
    assert trainable(empty("lenet5")) == sum(TRAINED.values()) == 60_000
    assert total(empty("lenet5")) == 60_000 + 840
    assert trainable(empty("lenet5_modern")) == total(empty("lenet5_modern")) == 61_706


def test_connections_of_section_2():
    """Multiplications and biases; S layers add four pixels, multiply the sum, and add a bias."""
    net, found = empty("lenet5"), {}
    for name in CONNECTIONS:
        found[name] = 0
        for layer in layers_of(net, name):
            outputs = np.prod(layer.output.shape[1:])
            here = layer.cost((1, *layer.input.shape[1:])).multiply_adds
            here = 4 * outputs if name in ("S2", "S4") else here
            found[name] += here + (0 if name == "predictions" else outputs)
    assert found == CONNECTIONS
    assert sum(found.values()) == 340_908


@pytest.mark.parametrize(("name", "count"), [("lenet5", 328_096), ("lenet5_modern", 416_520)])
def test_multiply_adds(name, count):
    net = empty(name)
    uncounted = 840 if name == "lenet5" else 0  # torch counts no distances
    assert multiply_adds(net) == counted_multiply_adds(net) + uncounted == count


def test_stages_of_figure_2():
    sizes = {"C1": (28, 6), "S2": (14, 6), "C3": (10, 16), "S4": (5, 16), "C5": (1, 120)}
    for name in ("lenet5", "lenet5_modern"):
        stages = {stage: (shape[1], shape[3]) for stage, shape in empty(name).stages.items()}
        assert stages == sizes


def test_table_i():
    rows = [line.split() for line in TABLE_I.strip().split("\n")]
    columns = [
        tuple(place for place in range(6) if rows[place][column] == "X") for column in range(16)
    ]
    assert columns == list(SEEN_BY_C3)


def test_maps_of_c3_see_the_maps_of_their_column_alone():
    net = lenet5()
    after = striate.Model(net.get_layer("S2").output, net.get_layer("C3").output)
    x = torch.randn(1, 14, 14, 6, requires_grad=True)
    y = after(x)
    for number, seen in enumerate(SEEN_BY_C3):
        (gradient,) = torch.autograd.grad(y[..., number].sum(), x, retain_graph=True)
        touched = gradient.abs().amax(dim=(0, 1, 2)).nonzero().flatten().tolist()
        assert tuple(touched) == seen


def by_the_papers_words(net, x):
    """Section 2 in NumPy, unit by unit of each map."""

    def squashed(a):
        return 1.7159 * np.tanh(2 * a / 3)

    def windows(a, side):
        return np.lib.stride_tricks.sliding_window_view(a, (side, side), axis=(1, 2))

    def convolved(a, kernels, biases):
        return squashed(np.einsum("nijcuv,fcuv->nijf", windows(a, 5), kernels) + biases)

    def subsampled(a, name):
        weight, bias = (t.numpy() for t in net.get_layer(name).state_dict().values())
        sums = a[:, ::2, ::2] + a[:, 1::2, ::2] + a[:, ::2, 1::2] + a[:, 1::2, 1::2]
        return squashed(sums * weight.ravel() / 4 + bias)

    def weights(name):
        return tuple(t.numpy() for t in net.get_layer(name).state_dict().values())

    x = subsampled(convolved(x, *weights("C1")), "S2")
    maps, taken = [], {3: 0, 4: 0, 6: 0}
    for seen in SEEN_BY_C3:
        kernels, biases = weights(f"C3_of_{len(seen)}")
        place = taken[len(seen)]
        taken[len(seen)] += 1
        one = slice(place, place + 1)
        maps.append(convolved(x[..., list(seen)], kernels[one], biases[one]))
    x = subsampled(np.concatenate(maps, axis=-1), "S4")
    x = convolved(x, *weights("C5")).reshape(len(x), -1)
    kernel, bias = weights("F6")
    x = squashed(x @ kernel.T + bias)
    return ((x[:, None] - np.array(drawings())) ** 2).sum(axis=-1)


def test_values_are_those_of_section_2():
    net = lenet5(classifier_activation=None)
    centres = net.get_layer("predictions").weight.clone()
    randomise(net)
    net.get_layer("predictions").weight.copy_(centres)
    net.double()
    x = pictures(3, 32, 32, 1).astype(np.float64)
    with torch.no_grad():
        assert apart(net(torch.from_numpy(x)), by_the_papers_words(net, x)) < 1e-12


def test_first_weights_of_appendix_a():
    net = lenet5()
    for name, inputs in {"C1": 25, "C3_of_4": 100, "C5": 400, "F6": 120}.items():
        largest = net.get_layer(name).weight.abs().max().item()
        assert 0.9 * 2.4 / inputs < largest <= 2.4 / inputs


def test_ten_drawings_of_7_by_12_that_differ():
    digits = np.array(drawings())
    assert digits.shape == (10, 84)
    assert set(digits.ravel()) == {-1.0, 1.0}
    assert digits[1].reshape(12, 7)[1:11, 3].min() == 1.0  # the stem of the one
    assert "".join("#" if dot > 0 else "." for dot in digits[0, :7]) == DIGITS.split()[0]
    for one, other in itertools.combinations(digits, 2):
        assert (one != other).sum() >= 10


def test_softmin_of_the_distances_is_the_default(tmp_path):
    net = lenet5()
    x = pictures(2, 32, 32, 1)
    said = net.predict(x)
    np.testing.assert_allclose(said.sum(axis=1), 1.0, rtol=1e-6)
    net.save(tmp_path / "net")
    assert np.array_equal(striate.load_model(tmp_path / "net").predict(x), said)


def test_the_papers_loss_trains_by_fit_and_the_drawings_stay():
    net = lenet5(classifier_activation=None)
    net.compile(striate.optimizers.Adam(3e-3), loss=NearestCentre(), metrics=["accuracy"])
    x = np.repeat(pictures(10, 32, 32, 1), 4, axis=0)
    y = np.repeat(np.arange(10), 4)
    history = net.fit(x, y, epochs=30, batch_size=10, verbose=0, seed=0).history
    assert history["loss"][-1] < 0.1 * history["loss"][0]
    assert history["accuracy"][-1] == 1.0
    assert net.get_layer("predictions").weight.tolist() == drawings()
    assert net.predict(x).argmin(axis=1).tolist() == y.tolist()


def test_any_size_and_fewer_classes():
    assert empty("lenet5", input_shape=(40, 32, 3), classes=7).output.shape == (None, 7)
    assert empty("lenet5_modern", classes=100).output.shape == (None, 100)
    bare = empty("lenet5", include_top=False, input_shape=(None, None, 1))
    assert bare.output.shape == (None, None, None, 120)
    with pytest.raises(ArgumentError, match="lenet5: `classes` must be at most 10, for as many"):
        lenet5(classes=11)
    assert lenet5_modern().get_layer("F6").units == 84
