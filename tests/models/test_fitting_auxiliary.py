"""Auxiliary outputs: training alone has them, their losses count a part, the rest is as before."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

import striate
from striate import Input, Model, Sequential, layers
from striate.errors import ArgumentError, ShapeError, WeightsError
from tests.models.forged_folders import forged

LOSS = "sparse_categorical_crossentropy"
RNG = np.random.RandomState(0)
X = RNG.standard_normal((12, 6)).astype("float32")
Y = RNG.randint(0, 3, 12)
W = RNG.uniform(0.5, 2.0, 12).astype("float32")


def net(factor=0.3):
    """Two layers and a classifier on each."""
    torch.manual_seed(3)
    inputs = Input((6,))
    x = layers.Dense(5, "tanh", name="one")(inputs)
    early = layers.Dense(3, "softmax", name="early_dense")(x)
    x = layers.Dense(4, "tanh", name="two")(x)
    x = layers.Dense(3, "softmax", name="predictions")(x)
    return Model(inputs, x, name="net", auxiliary={"early": (early, factor)})


def by_hand(model, factor=0.3, weights=None):
    """(loss of the last classifier, total, gradients) in torch alone, for all samples."""
    state = {k.removeprefix("_layers."): v for k, v in model.state_dict().items()}
    state = {k: v.clone().requires_grad_() for k, v in state.items()}

    def dense(x, name):
        return F.linear(x, state[f"{name}.weight"], state[f"{name}.bias"])

    one = torch.tanh(dense(torch.from_numpy(X), "one"))
    last = dense(torch.tanh(dense(one, "two")), "predictions")
    goals = torch.from_numpy(Y)
    each = [F.cross_entropy(z, goals, reduction="none") for z in (last, dense(one, "early_dense"))]
    each = [(e if weights is None else e * torch.from_numpy(weights)).sum() / 12 for e in each]
    total = each[0] + factor * each[1]
    total.backward()
    return each[0].item(), total.item(), {k: v.grad for k, v in state.items()}


def fitted(model, **options):
    model.compile(striate.optimizers.SGD(0.5), loss=LOSS, metrics=["accuracy"])
    return model.fit(X, Y, batch_size=12, verbose=0, shuffle=False, seed=0, **options)


def test_training_gives_a_dict_and_inference_the_output():
    model = net()
    said = model(X)
    assert said.shape == (12, 3)
    trained = model(X, training=True)
    assert list(trained) == ["predictions", "early"]
    assert trained["predictions"].equal(said)
    assert model.predict(X).shape == (12, 3)
    assert model.output.shape == (None, 3)


def test_inference_does_not_compute_them():
    model = net()
    ran = []
    for name, layer in zip(model.layer_names, model.layers, strict=True):
        layer.register_forward_hook(lambda *_, name=name: ran.append(name))
    model.compile("sgd", loss=LOSS)
    model.evaluate(X, Y, verbose=0)
    model.predict(X)
    assert "early_dense" not in ran
    assert ran.count("predictions") == 2
    model.train_on_batch(X, Y)
    assert ran.count("early_dense") == 1


@pytest.mark.parametrize("accumulate", [1, 3])
@pytest.mark.parametrize("weights", [None, W])
def test_one_step_is_that_of_torch(weights, accumulate):
    model = net()
    before = {k: v.clone() for k, v in model.state_dict().items()}
    _, total, gradients = by_hand(model, weights=weights)
    history = fitted(model, sample_weight=weights, accumulate=accumulate)
    assert history.history["loss"][0] == pytest.approx(total, rel=1e-6)
    for name, after in model.state_dict().items():
        step = (before[name] - after) / 0.5
        wanted = gradients[name.removeprefix("_layers.")]
        assert torch.allclose(step, wanted, atol=1e-6), name
        assert wanted.abs().max() > 0


def test_logs_name_each_part_and_validation_has_the_output_alone():
    model = net()
    main, total, _ = by_hand(model)
    history = fitted(model, validation_data=(X, Y)).history
    parts = {"loss", "predictions_loss", "early_loss", "accuracy"}
    assert set(history) == parts | {"val_loss", "val_accuracy"}
    assert history["predictions_loss"][0] == pytest.approx(main, rel=1e-6)
    assert history["early_loss"][0] == pytest.approx((total - main) / 0.3, rel=1e-5)
    assert model.metrics_names == ["loss", "accuracy"]
    assert len(model.evaluate(X, Y, verbose=0)) == 2
    after, _, _ = by_hand(model)
    assert history["val_loss"][0] == pytest.approx(after, rel=1e-6)
    assert model.evaluate(X, Y, verbose=0)[0] == pytest.approx(after, rel=1e-6)


@pytest.mark.parametrize(
    ("given", "main", "early"),
    [
        ({"early": 2.0}, 1.0, 2.0),
        ({"predictions": 0.5}, 0.5, 0.3),
        ({"predictions": 0.5, "early": 0.0}, 0.5, 0.0),
        ([4.0], 4.0, 0.3),
        (4.0, 4.0, 0.3),
    ],
)
def test_factors_may_be_given_by_name(given, main, early):
    model = net()
    last, total, _ = by_hand(model, factor=1.0)
    model.compile("sgd", loss=LOSS, loss_weights=given)
    history = model.fit(X, Y, batch_size=12, verbose=0).history
    assert history["loss"][0] == pytest.approx(main * last + early * (total - last), rel=1e-5)


def test_targets_may_be_named_by_the_output_alone():
    model = net()
    _, total, _ = by_hand(model)
    model.compile("sgd", loss=LOSS)
    history = model.fit(X, {"predictions": Y}, batch_size=12, verbose=0).history
    assert history["loss"][0] == pytest.approx(total, rel=1e-6)
    with pytest.raises(ArgumentError, match="`targets` must name the model's outputs: predictions"):
        model.fit(X, {"predictions": Y, "early": Y}, batch_size=12, verbose=0)


def test_they_outlive_saving(tmp_path):
    model = net(factor=0.7)
    model.save(tmp_path / "net")
    again = striate.load_model(tmp_path / "net")
    assert list(again(X, training=True)) == ["predictions", "early"]
    assert again(X).equal(model(X))
    assert fitted(again).history == fitted(model).history
    assert fitted(net(factor=0.3)).history != fitted(net(factor=0.7)).history


def forged_auxiliary(folder, value):
    """A saved net whose description says other auxiliary outputs."""

    def change(content):
        content["model"]["auxiliary"] = value

    return forged(folder, net(), change)


@pytest.mark.parametrize(
    "value",
    [
        7,
        {"list": [1]},
        {"dict": {"early": {"tensor": [1, 0]}}},
        {"dict": {"early": {"tuple": [{"tensor": [1, 0]}, -1.0]}}},
        {"dict": {"early": {"tuple": [{"tensor": [99, 0]}, 0.3]}}},
        {"dict": {"predictions": {"tuple": [{"tensor": [1, 0]}, 0.3]}}},
        {"dict": {"early": {"tuple": ["code", 0.3]}}},
        {"dict": {}},
    ],
)
def test_a_forged_description_of_them_is_refused(tmp_path, value):
    with pytest.raises(WeightsError, match="Model folder"):
        striate.load_model(forged_auxiliary(tmp_path / "net", value))


def test_without_them_the_rest_is_the_same_model():
    model = net()
    bare = Model(model.input, model.output)
    assert bare(X, training=True).equal(model(X))
    assert "early_dense" not in bare.layer_names
    assert model.count_params() - bare.count_params() == 5 * 3 + 3


def test_compiled_forward_pass_and_plain_training():
    model = net()
    forward = torch.compile(model, backend="eager", fullgraph=True)
    model.train()
    assert set(forward(torch.from_numpy(X))) == {"predictions", "early"}
    model.eval()
    assert forward(torch.from_numpy(X)).shape == (12, 3)


def test_words():
    x = inputs = Input((6,))
    y = layers.Dense(3, name="last")(x)
    z = layers.Dense(3)(x)
    wrong = [
        (y, {"early": z}, r"`auxiliary` must map names to \(tensor, factor of its loss\)"),
        (y, [(z, 0.3)], "`auxiliary` must map names"),
        (y, {3: (z, 0.3)}, "`auxiliary` must map names"),
        (y, {"early": (z, -1.0)}, r"`auxiliary\[early\]` must be"),
        (y, {"early": (X, 0.3)}, "`auxiliary` must hold symbolic tensors"),
        ([y, z], {"early": (z, 0.3)}, "`auxiliary` must stand beside one output"),
        (y, {"last": (z, 0.3)}, "`auxiliary` must have other names than the output's layer"),
    ]
    for outputs, auxiliary, words in wrong:
        with pytest.raises(ArgumentError, match=f'Model "model": {words}'):
            Model(inputs, outputs, auxiliary=auxiliary)
    model = net()
    for join in (
        lambda: Model(inputs, model(inputs)),
        lambda: Sequential([model, layers.Dense(2)]),
    ):
        with pytest.raises(ArgumentError, match="`layers` must not be models with auxiliary out"):
            join()
    model.compile("sgd", loss=LOSS, loss_weights={"late": 1.0})
    with pytest.raises(ArgumentError, match=r"`loss_weights` must name outputs .* early"):
        model.fit(X, Y, verbose=0)
    model.compile("sgd", loss=LOSS)
    with pytest.raises(ArgumentError, match="hold one tensor for each of the model's 1 outputs"):
        model.train_on_batch(X, [Y, Y])
    with pytest.raises(ShapeError, match="must hold one class number"):
        model.train_on_batch(X, np.eye(3, dtype="float32")[Y])
