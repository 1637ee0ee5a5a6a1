"""Whatever is refused is said in one sentence: place, rule, value, way out."""

import re

import pytest
import torch
from tests.catalog import LAYERS
from tests.catalog.losses import LOSSES
from tests.catalog.metrics import METRICS
from tests.catalog.ops import ACTIVATIONS, OPS
from tests.catalog.optimizers import OPTIMIZERS, SCHEDULES

from striate.errors import StriateError
from striate.layers.state import BASE_ARGUMENTS, own_arguments

GRAMMAR = re.compile(
    r'^\w[\w ]*( "[^"]+")?: (`[^`]+`|input) must [^.].*\. Got [^.].*\.( [A-Z].*[.?…])?$', re.DOTALL
)

BAD = [-1, 0, 0.5, 3, True, None, "nonsense", "", object(), (1, 2, 3), (0, -1), float("nan"), {}]

FIRST = {row.name: row for row in LAYERS}


def refusal(call):
    """The words of an error, None if there was none; an error that is not ours fails the test."""
    try:
        call()
    except StriateError as error:
        return str(error)
    return None


@pytest.mark.parametrize("row", FIRST.values(), ids=lambda row: row.name)
def test_every_bad_argument_is_refused_in_words(row):
    layer = row.make()
    config = layer.get_config()
    refused = 0
    for argument in (*own_arguments(type(layer)), *BASE_ARGUMENTS):
        for value in BAD:
            words = refusal(lambda a=argument, v=value: type(layer)(**{**config, a: v}))
            if words is not None:
                assert GRAMMAR.match(words), words
                assert words.startswith(row.name), words
                refused += 1
    assert refused >= 10


@pytest.mark.parametrize("row", LAYERS, ids=str)
@pytest.mark.parametrize(
    "shape", [(), (4,), (2, 3), (2, 6, 5), (2, 6, 5, 4, 3), (2, 1, 1, 4), (2, 6, 5, 7)], ids=str
)
def test_every_bad_input_is_refused_in_words(row, shape):
    given, layer = torch.zeros(shape), row.built()
    inputs = [given, torch.zeros(2, 6, 5, 3)] if len(row.shapes) > 1 else given
    words = refusal(lambda: layer(inputs))
    assert words is None or GRAMMAR.match(words), words
    assert words is None or words.startswith(f'{row.name} "{layer.name}"'), words


PLAIN = {row.name: row for row in (*LOSSES, *METRICS, *OPTIMIZERS, *SCHEDULES)}


@pytest.mark.parametrize("row", PLAIN.values(), ids=lambda row: row.name)
def test_every_bad_argument_of_the_rest_is_refused_in_words(row):
    made = row.make()
    config = made.get_config()
    if row.name.startswith("Function"):
        config = {**config, "function": torch.dist}
    for argument in config:
        for value in BAD:
            words = refusal(lambda a=argument, v=value: type(made)(**{**config, a: v}))
            if words is not None:
                assert GRAMMAR.match(words), words
                assert words.startswith(row.name), words


OTHERS = {"Mean", "FunctionLoss", "FunctionMetric"}  # take no targets, or whatever they like
FED = [row for row in (*LOSSES, *METRICS) if row.name not in OTHERS]


@pytest.mark.parametrize("shape", [(), (4,), (2, 3), (2, 1), (2, 6, 5)], ids=str)
@pytest.mark.parametrize("row", FED, ids=str)
def test_every_bad_target_is_refused_in_words(row, shape, rng):
    _, outputs = (torch.tensor(array) for array in row.batch(rng, 2))
    made = row.make()
    feed = made.__call__ if hasattr(made, "criterion") else made.update
    words = refusal(lambda: feed(torch.zeros(shape), outputs))
    assert words is None or GRAMMAR.match(words), words
    delegates = row.name == "AccuracyByShape"  # which stands for one of the others
    assert words is None or words.startswith(row.name) or delegates, words


FITTING = [row for row in OPS if row.name not in ACTIVATIONS]  # those take any shape
SHAPES = [(), (4,), (2, 3), (2, 6, 5), (2, 6, 5, 4, 3), (2, 1, 1, 4), (2, 6, 5, 7), (0, 6, 5, 4)]


OF_ONE_TYPE = {"conv2d", "conv2d_transpose", "depthwise_conv2d", "avg_pool", "global_avg_pool"}
OF_ONE_TYPE |= {"batch_norm", "batch_norm_training"}  # the others take what torch takes


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("row", FITTING, ids=str)
def test_every_bad_shape_of_an_op_is_refused_in_words(row, shape):
    for place in range(len(row.shapes)):
        tensors = row.tensors()
        tensors[place] = torch.zeros(shape)
        if place and 0 in shape:
            continue
        words = refusal(lambda tensors=tensors: row.call(*tensors))
        assert words is None or GRAMMAR.match(words), words
        assert words is None or words.startswith(row.name), words


@pytest.mark.parametrize("dtype", [torch.uint8, torch.float64, torch.bfloat16], ids=str)
@pytest.mark.parametrize("row", [row for row in OPS if row.name in OF_ONE_TYPE], ids=str)
def test_every_bad_number_type_of_an_op_is_refused_in_words(row, dtype):
    for place in range(len(row.shapes)):
        tensors = row.tensors()
        tensors[place] = tensors[place].to(dtype)
        words = refusal(lambda tensors=tensors: row.call(*tensors))
        assert words is None or GRAMMAR.match(words), words
        assert words is None or words.startswith(row.name), words


@pytest.mark.parametrize(
    "words",
    [
        "something went wrong",
        "Conv2D: groups must divide",
        'Conv2D "stem": `groups` must divide the filters.',
        "Conv2D: `groups` must . Got 3.",
    ],
)
def test_other_words_do_not_fit(words):
    assert not GRAMMAR.match(words)
