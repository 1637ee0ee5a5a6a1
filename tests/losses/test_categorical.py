"""Categorical cross-entropy: values, logits, ignored classes, error words."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from striate.errors import ArgumentError, ShapeError
from striate.losses import CategoricalCrossentropy, SparseCategoricalCrossentropy
from striate.ops.activation import softmax


def test_against_numpy(close, rng):
    outputs = rng.uniform(0.1, 1.0, (5, 3))
    targets = rng.integers(0, 3, 5)
    shares = outputs / outputs.sum(1, keepdims=True)
    expected = -np.log(shares[np.arange(5), targets])
    sparse = SparseCategoricalCrossentropy().values(torch.tensor(targets), torch.tensor(outputs))
    close(sparse, expected)
    hot = CategoricalCrossentropy().values(torch.eye(3)[targets], torch.tensor(outputs))
    close(hot, expected)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_carried_logits_make_the_loss_exact(dtype, close):
    logits = torch.tensor([[30.0, 0.0, -30.0], [1.0, 2.0, 3.0]], dtype=dtype)
    targets = torch.tensor([2, 1])
    expected = F.cross_entropy(logits.float(), targets, reduction="none")
    close(SparseCategoricalCrossentropy().values(targets, softmax(logits)), expected)
    close(CategoricalCrossentropy().values(torch.eye(3)[targets], softmax(logits)), expected)
    bare = SparseCategoricalCrossentropy().values(targets, softmax(logits).clone())
    assert bare[0].item() == pytest.approx(-np.log(1e-7), rel=1e-3)


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 1.0])
@pytest.mark.parametrize("from_logits", [False, True])
def test_sparse_smoothing_is_the_one_hot_form(smoothing, from_logits, close):
    outputs, targets = torch.randn(4, 5, 6).double(), torch.randint(0, 6, (4, 5))
    outputs = outputs if from_logits else outputs.softmax(-1)
    sparse = SparseCategoricalCrossentropy(from_logits, label_smoothing=smoothing)
    hot = CategoricalCrossentropy(from_logits, smoothing)
    close(sparse.values(targets, outputs), hot.values(torch.eye(6)[targets], outputs))
    flat = F.cross_entropy(
        outputs.reshape(20, 6) if from_logits else outputs.log().reshape(20, 6),
        targets.reshape(20),
        label_smoothing=smoothing,
    )
    close(sparse(targets, outputs), flat)


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_ignored_classes_neither_weigh_nor_count(smoothing):
    outputs = torch.randn(2, 3, 4, 5, requires_grad=True)
    targets = torch.randint(0, 5, (2, 3, 4), dtype=torch.uint8)
    targets[0] = 255
    loss = SparseCategoricalCrossentropy(True, 255, label_smoothing=smoothing)
    total, count = loss.criterion(outputs, targets)
    kept, number = loss.criterion(outputs[1:], targets[1:])
    assert count.item() == number.item() == 12
    assert total.item() == pytest.approx(kept.item(), rel=1e-6)
    total.backward()
    assert outputs.grad[0].abs().max() == 0.0
    assert loss(torch.full((2, 3, 4), 255), outputs).item() == 0.0


@pytest.mark.parametrize("dtype", [torch.uint8, torch.int32, torch.int64, torch.float32])
@pytest.mark.parametrize("shape", [(4,), (4, 1)])
def test_labels_of_any_type(dtype, shape):
    outputs = torch.rand(4, 3).softmax(-1)
    targets = torch.tensor([0, 1, 2, 0])
    loss = SparseCategoricalCrossentropy()
    given = targets.to(dtype).reshape(shape)
    loss.check_targets(given, (None, 3))
    assert torch.equal(loss.values(given, outputs), loss.values(targets, outputs))


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (
            [0, 12],
            "SparseCategoricalCrossentropy: `targets` must be class numbers from 0 to 9. Got "
            "targets=12. The labels go from 0 to 12 and the outputs have 10 classes. Give the "
            "last layer 13 units, or name an `ignore_class`.",
        ),
        (
            [1, 10],
            "Got targets=10. The labels go from 1 to 10 and the outputs have 10 classes. "
            "Subtract 1 from the labels.",
        ),
        ([-1, 3], "Got targets=-1. The labels go from -1 to 3"),
        ([0.5, 3.0], "`targets` must be whole class numbers. Got targets=0.5."),
        ([float("nan"), 3.0], "`targets` must be class numbers from 0 to 9. Got targets=nan."),
    ],
)
def test_labels_out_of_range(labels, words):
    with pytest.raises(ArgumentError) as caught:
        SparseCategoricalCrossentropy().check_targets(torch.tensor(labels), (2, 10))
    assert words in str(caught.value)


def test_check_targets_takes_what_is_right():
    loss = SparseCategoricalCrossentropy(ignore_class=255)
    loss.check_targets(torch.tensor([0, 9, 255]), (None, 10))
    loss.check_targets(torch.tensor([255]), (None, 10))
    loss.check_targets(torch.tensor([100]), (None, None))
    loss.check_targets(torch.tensor([True, False]), (None, 2))
    CategoricalCrossentropy().check_targets(torch.eye(3), (None, 3))
    with pytest.raises(ArgumentError, match="be probabilities, 0 to 1"):
        CategoricalCrossentropy().check_targets(torch.eye(3) * 2, (None, 3))


def test_class_numbers_for_the_one_hot_loss():
    words = (
        r"CategoricalCrossentropy: `targets` must hold one probability for each of the 10 classes"
        r"\. Got targets \(4\), outputs \(4, 10\)\. Use sparse_categorical_crossentropy, or "
        r"to_categorical\(targets, 10\)\."
    )
    for check in ("values", "check_targets"):
        outputs = torch.rand(4, 10)
        second = outputs if check == "values" else outputs.shape
        with pytest.raises(ShapeError, match=words):
            getattr(CategoricalCrossentropy(), check)(torch.zeros(4), second)
    with pytest.raises(ShapeError, match="Use sparse_categorical_crossentropy"):
        CategoricalCrossentropy()(torch.zeros(4, 1), torch.rand(4, 10))


def test_one_hot_targets_for_the_sparse_loss():
    with pytest.raises(ShapeError) as caught:
        SparseCategoricalCrossentropy()(torch.zeros(4, 10), torch.rand(4, 10))
    assert str(caught.value) == (
        "SparseCategoricalCrossentropy: `targets` must hold one class number per output. Got "
        "targets (4, 10), outputs (4, 10). Use CategoricalCrossentropy, or targets.argmax(-1)."
    )


@pytest.mark.parametrize("kind", [CategoricalCrossentropy, SparseCategoricalCrossentropy])
def test_one_unit_is_for_the_binary_loss(kind):
    with pytest.raises(ShapeError, match=r"Use binary_crossentropy for one sigmoid unit\.$"):
        kind()(torch.zeros(4, 1), torch.rand(4, 1))


def test_logits_are_not_what_a_softmax_gives():
    loss = SparseCategoricalCrossentropy(from_logits=True)
    words = "`from_logits` must be False when the outputs went through softmax"
    with pytest.raises(ArgumentError, match=words):
        loss(torch.tensor([0]), softmax(torch.rand(1, 3)))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: CategoricalCrossentropy(1), "`from_logits` must be True or False"),
        (lambda: CategoricalCrossentropy(label_smoothing=2.0), "must be a number from 0 to 1"),
        (lambda: SparseCategoricalCrossentropy(ignore_class="x"), "be a whole number or None"),
    ],
)
def test_argument_errors(make, words):
    with pytest.raises(ArgumentError, match=words):
        make()
