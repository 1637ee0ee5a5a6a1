"""Which calls run as one."""

import striate
from striate import layers, ops
from striate.models.costs import inference_calls
from striate.models.predictor.chains import chains


def found(net):
    return [
        "+".join(type(call.layer).__name__ for call in link.calls)
        for link in chains(inference_calls(net), net.output)
    ]


def start():
    return striate.Input((8, 8, 4))


def test_a_residual_block():
    x = start()
    y = layers.Activation("relu")(layers.BatchNormalization()(layers.Conv2D(4, 3, padding=1)(x)))
    y = layers.BatchNormalization()(layers.Conv2D(4, 3, padding=1)(y))
    net = striate.Model(x, layers.ReLU()(layers.Add()([x, y])))
    assert found(net) == [
        "Conv2D+BatchNormalization+Activation",
        "Conv2D+BatchNormalization+Add+ReLU",
    ]
    link = chains(inference_calls(net), net.output)[1]
    assert link.other is x
    assert link.activation is ops.relu


def test_both_ends_of_a_sum_may_be_convolutions():
    x = start()
    y = layers.BatchNormalization()(layers.Conv2D(4, 1)(x))
    shortcut = layers.BatchNormalization()(layers.Conv2D(4, 1)(x))
    net = striate.Model(x, layers.Add()([shortcut, y]))
    assert sorted(found(net)) == ["Conv2D+BatchNormalization", "Conv2D+BatchNormalization+Add"]


def test_what_two_read_ends_a_chain():
    x = start()
    maps = layers.Conv2D(4, 3)(x)
    both = layers.Concatenate()([layers.ReLU()(maps), layers.BatchNormalization()(maps)])
    assert found(striate.Model(x, both)) == ["Conv2D", "ReLU", "BatchNormalization", "Concatenate"]


def test_an_output_ends_a_chain():
    x = start()
    maps = layers.Conv2D(4, 3)(x)
    assert found(striate.Model(x, [maps, layers.ReLU()(maps)])) == ["Conv2D", "ReLU"]


def test_after_a_function_no_norm_and_no_second_function():
    x = start()
    y = layers.BatchNormalization()(layers.Conv2D(4, 3, activation="relu")(x))
    assert found(striate.Model(x, layers.Activation("tanh")(layers.ReLU()(y)))) == [
        "Conv2D",
        "BatchNormalization+ReLU",
        "Activation",
    ]


def test_functions_with_numbers_of_their_own_stay():
    x = start()
    for layer in (layers.LeakyReLU(), layers.ReLU(max_value=3.0), layers.Softmax()):
        y = layer(layers.Conv2D(4, 3)(x))
        assert len(found(striate.Model(x, y))) == 2


def test_a_sum_of_three_of_one_map_twice_or_of_other_sizes_stays():
    x = start()
    maps = layers.Conv2D(4, 1)(x)
    again = layers.Conv2D(4, 1)(x)
    assert found(striate.Model(x, layers.Add()([maps, maps])))[-1] == "Add"
    assert found(striate.Model(x, layers.Add()([maps, again, x])))[-1] == "Add"
    wide = layers.GlobalAveragePooling2D(keepdims=True)(x)
    assert found(striate.Model(x, layers.Add()([maps, wide])))[-1] == "Add"


def test_a_mode_that_was_fixed_ends_a_chain():
    x = start()
    y = layers.BatchNormalization()(layers.Conv2D(4, 3)(x), training=True)
    assert found(striate.Model(x, y)) == ["Conv2D", "BatchNormalization"]
