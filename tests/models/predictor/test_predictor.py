"""A predictor is its model, within rounding, at every moment."""

import copy
import gc
import weakref

import numpy as np
import pytest
import torch

import striate
from striate import layers, ops
from striate.architectures import ARCHITECTURES
from striate.models.predictor import Predictor, predictor_of


def net():
    x = striate.Input((12, 12, 3))
    y = layers.Conv2D(16, 3, padding=1, name="conv")(x)
    y = layers.ReLU()(layers.BatchNormalization(name="norm")(y))
    y = layers.SeparableConv2D(16, 3, padding="same")(y)
    y = layers.Add()([y, layers.Conv2D(16, 1)(x)])
    y = layers.MaxPooling2D()(layers.Activation("silu")(y))
    y = layers.Dropout(0.5)(layers.GlobalAveragePooling2D()(y))
    model = striate.Model(x, layers.Dense(4, activation="softmax", name="top")(y))
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


def stirred(model):
    """The model with weights and statistics of no special value."""
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for name, tensor in (*model.named_parameters(), *model.named_buffers()):
            if "running_var" in name:
                tensor.uniform_(0.5, 2.0, generator=generator)
            elif tensor.dim() == 1 and tensor.is_floating_point():
                tensor.uniform_(-0.5, 1.0, generator=generator)
    return model


def close(model, x, *, tolerance=2e-5):
    """predict against the layers one by one in float64."""
    twin = copy.deepcopy(model).double()
    with torch.no_grad():
        wanted = twin(torch.from_numpy(x).double()).numpy()
    scale = np.abs(wanted).max()
    np.testing.assert_allclose(model.predict(x) / scale, wanted / scale, atol=tolerance)
    return wanted


def pictures(count=3, side=12):
    return np.random.default_rng(0).random((count, side, side, 3), dtype=np.float32)


def test_a_net_of_everything():
    model = stirred(net())
    close(model, pictures())
    assert predictor_of(model) is predictor_of(model)


DEFAULT = ["resnet18", "mobilenet_v2", "mobilenet_v3_small"]
OTHERS = [name for name in ARCHITECTURES.names() if name not in DEFAULT]


@pytest.mark.parametrize(
    "name", [*DEFAULT, *(pytest.param(n, marks=pytest.mark.long) for n in OTHERS)]
)
def test_architectures(name):
    """The features before the softmax, which would hide what is wrong."""
    whole = ARCHITECTURES.get(name)
    shape = whole.input_shape
    model = stirred(whole(shape, 10))
    features = striate.Model(model.input, model.get_layer(index=-1).input)
    x = np.random.default_rng(0).random((1, *shape), dtype=np.float32)
    close(features, x, tolerance=2e-4)
    assert predictor_of(features) is not None


CHANGES = {
    "set_weights": lambda m: m.get_layer("conv").set_weights(
        [w + 1 for w in m.get_layer("conv").get_weights()]
    ),
    "in place": lambda m: m.get_layer("top").weight.detach().mul_(2.0),
    "data": lambda m: m.get_layer("conv").weight.data.mul_(2.0),
    "other data": lambda m: setattr(
        m.get_layer("conv").weight, "data", m.get_layer("conv").weight.data * 2
    ),
    "another parameter": lambda m: setattr(
        m.get_layer("conv"), "weight", torch.nn.Parameter(m.get_layer("conv").weight * 2)
    ),
    "statistics": lambda m: m.get_layer("norm").running_var.fill_(0.1),
    "a step": lambda m: m.train_on_batch(pictures(8), np.arange(8) % 4),
    "epsilon": lambda m: setattr(m.get_layer("norm"), "epsilon", 1.0),
    "activation": lambda m: setattr(m.get_layer("conv"), "activation", ops.tanh),
    "load": lambda m: m.load_state_dict(
        {k: v * 1.5 if v.is_floating_point() else v for k, v in m.state_dict().items()}
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_it_follows_every_change(change):
    model = stirred(net())
    before = model.predict(pictures())
    CHANGES[change](model)
    after = close(model, pictures())
    assert np.abs(after - before).max() > 1e-4


def test_a_hook_sees_its_layer_run():
    model, seen = net(), []
    model.predict(pictures())
    handle = model.get_layer("norm").register_forward_hook(lambda *_: seen.append(1))
    model.predict(pictures())
    assert seen
    assert predictor_of(model) is None
    handle.remove()
    assert predictor_of(model) is not None


def test_a_sequential_that_grows_and_shrinks():
    model = striate.Sequential([layers.Conv2D(4, 3, input_shape=(12, 12, 3)), layers.Flatten()])
    assert model.predict(pictures()).shape == (3, 400)
    model.add(layers.Dense(7))
    assert model.predict(pictures()).shape == (3, 7)
    model.pop()
    close(model, pictures())


def test_models_inside_models():
    inner = stirred(net())
    x = striate.Input((12, 12, 3))
    model = striate.Model(x, layers.Dense(2)(inner(layers.Rescaling(0.5)(x))))
    close(model, pictures())
    with torch.no_grad():
        inner.get_layer("conv").weight.mul_(2.0)
    close(model, pictures())


def test_several_inputs_and_outputs_by_name():
    a, b = striate.Input((12, 12, 3)), striate.Input((12, 12, 3))
    y = layers.Concatenate()([layers.Conv2D(4, 3)(a), layers.Conv2D(4, 3)(b)])
    model = striate.Model({"a": a, "b": b}, {"maps": y, "mean": layers.GlobalAveragePooling2D()(y)})
    given = {"b": torch.rand(2, 12, 12, 3), "a": torch.rand(2, 12, 12, 3)}
    with torch.inference_mode():
        found, wanted = Predictor(model)(given), model(given)
    assert set(found) == {"maps", "mean"}
    for name in found:
        torch.testing.assert_close(found[name], wanted[name])


@pytest.mark.parametrize("what", ["double", "bfloat16", "subclass", "training"])
def test_models_that_run_as_they_are(what):
    class Own(striate.Model):
        def call(self, x):
            return super().call(x) + 1

    model = net()
    if what == "subclass":
        model = Own(model.input, model.output)
    elif what == "training":
        model.train()
    else:
        model = getattr(model, what)()
    if what != "training":
        assert predictor_of(model) is None
    with torch.no_grad():
        wanted = copy.deepcopy(model).eval()(torch.from_numpy(pictures())).float().numpy()
    np.testing.assert_allclose(model.predict(pictures()), wanted, atol=1e-6)
    assert model.training == (what == "training")


def test_a_layer_of_the_user_runs_as_a_module():
    class Twice(layers.Layer):
        def call(self, x, training=None):
            return x if training else 2 * x

    x = striate.Input((12, 12, 3))
    model = striate.Model(x, Twice()(layers.Conv2D(2, 3)(x)))
    close(model, pictures())


def test_wrong_pictures_are_refused_as_ever():
    model = net()
    model.predict(pictures())
    with pytest.raises(striate.errors.ShapeError, match="12"):
        model.predict(pictures(side=13))
    x = striate.Input((None, None, 3))
    whole = striate.Model(x, layers.MaxPooling2D(4)(layers.Conv2D(2, 3)(x)))
    assert whole.predict(pictures(side=20)).shape == (3, 4, 4, 2)
    with pytest.raises(striate.errors.ShapeError):
        whole.predict(pictures(side=5))


def test_arrays_of_other_kinds():
    model = stirred(net())
    x = pictures()
    wanted = model.predict(x)
    read_only = x.copy()
    read_only.flags.writeable = False
    for given in (
        x.astype(np.float64),
        read_only,
        x[:, ::-1][:, ::-1],
        torch.from_numpy(x),
        list(x),
    ):
        given = np.stack(given) if isinstance(given, list) else given
        np.testing.assert_allclose(model.predict(given), wanted, atol=1e-6)
    np.testing.assert_allclose(model.predict(x, batch_size=2), wanted, atol=1e-6)


def test_it_keeps_no_model_alive():
    model = net()
    model.predict(pictures())
    gone = weakref.ref(model)
    del model
    gc.collect()
    assert gone() is None


def test_copies_have_their_own():
    model = stirred(net())
    model.predict(pictures())
    again = copy.deepcopy(model)
    with torch.no_grad():
        again.get_layer("conv").weight.mul_(3.0)
    close(again, pictures())
    close(model, pictures())


def test_a_great_array_goes_in_parts_of_the_cache():
    model = stirred(net())
    run = predictor_of(model)
    most = run.batch_in_cache()
    assert most == 2**23 // (4 * 12 * 12 * 16)
    x = np.random.default_rng(1).random((most + 5, 12, 12, 3), dtype=np.float32)
    sizes = []
    whole = Predictor.__call__

    def noted(self, images, **how):
        sizes.append(len(images))
        return whole(self, images, **how)

    Predictor.__call__ = noted
    try:
        found = model.predict(x, batch_size=len(x))
        assert sizes == [most, 5]
        sizes.clear()
        model.predict(x[:7], batch_size=3)
        assert sizes == [3, 3, 1]
    finally:
        del Predictor.__call__
    with torch.no_grad():
        wanted = model(torch.from_numpy(x)).numpy()
    np.testing.assert_allclose(found, wanted, atol=1e-6)


def test_parts_of_several_outputs_are_joined():
    x = striate.Input((40, 40, 3))
    maps = layers.Conv2D(64, 3)(x)
    model = striate.Model(x, {"maps": maps, "mean": layers.GlobalAveragePooling2D()(maps)})
    given = np.random.default_rng(0).random((50, 40, 40, 3), dtype=np.float32)
    assert predictor_of(model).batch_in_cache() < 50
    found = model.predict(given)
    assert found["maps"].shape == (50, 38, 38, 64)
    np.testing.assert_allclose(found["mean"], found["maps"].mean(axis=(1, 2)), atol=1e-5)


def test_a_bias_where_there_was_none_is_seen():
    torch.manual_seed(0)
    model = striate.Sequential(
        [layers.Conv2D(4, 3, use_bias=False, input_shape=(8, 8, 1)), layers.Flatten()]
    )
    x = np.random.default_rng(0).random((2, 8, 8, 1), dtype=np.float32)
    before = model.predict(x)
    model.layers[0].bias = torch.nn.Parameter(torch.full((4,), 5.0))
    np.testing.assert_allclose(model.predict(x), before + 5.0, rtol=1e-5)


CHANGES_INSIDE = {
    "activation": lambda m: setattr(m.layers[-1], "activation", ops.tanh),
    "epsilon": lambda m: setattr(m.layers[1], "epsilon", 1.0),
    "longer": lambda m: m.add(layers.ReLU()),
    "shorter": lambda m: m.pop(),
}


@pytest.mark.parametrize("change", CHANGES_INSIDE)
@pytest.mark.parametrize("depth", [1, 2])
def test_it_follows_changes_of_models_inside(change, depth):
    inner = striate.Sequential(
        [
            layers.Conv2D(4, 3, input_shape=(12, 12, 3)),
            layers.BatchNormalization(),
            layers.Conv2D(4, 3, padding="same"),
        ]
    )
    x = striate.Input((12, 12, 3))
    model = striate.Model(x, inner(layers.Rescaling(0.5)(x)))
    if depth == 2:
        model = striate.Model(x, layers.Rescaling(2.0)(model(x)))
    stirred(model)
    before = model.predict(pictures())
    CHANGES_INSIDE[change](inner)
    after = close(model, pictures())
    assert np.abs(after - before).max() > 1e-4


def test_a_forward_of_its_own_is_called():
    model, calls = net(), []
    model.predict(pictures())
    layer = model.get_layer("norm")
    plain = layer.forward
    layer.forward = lambda *given, **how: (calls.append(1), plain(*given, **how))[1]
    model.predict(pictures())
    assert calls
    del layer.forward
    assert predictor_of(model) is not None


def test_under_autocast_it_is_the_model_as_ever():
    x = striate.Input((12, 12, 3))
    model = striate.Model(x, layers.Conv2D(4, 3)(x))
    model.predict(pictures())
    with torch.autocast("cpu", torch.bfloat16), torch.no_grad():
        found, wanted = model.predict(pictures()), model(torch.from_numpy(pictures()))
    assert wanted.dtype == torch.bfloat16
    np.testing.assert_array_equal(found, wanted.float().numpy())


@pytest.mark.parametrize("form", ["array", "tensor", "read only", "batches"])
def test_answers_are_ones_own(form):
    """Nothing that is written into them reaches the pictures, or another output."""
    start = striate.Input((4, 4, 3))
    flat = layers.Flatten()(start)
    model = striate.Model(start, {"flat": flat, "same": layers.Reshape((4, 4, 3))(flat)})
    x = np.ones((2, 4, 4, 3), "float32")
    given = {"tensor": torch.from_numpy(x), "batches": [torch.from_numpy(x)]}.get(form, x)
    x.flags.writeable = form != "read only"
    found = model.predict(given)
    found["flat"][:] = 5.0
    assert found["same"].max() == x.max() == 1.0
