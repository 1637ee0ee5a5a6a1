"""Weights that are the same everywhere, moved from a net of ours to a peer's, and what both say."""

import numpy as np
import torch

from striate.layers.mode import mode


def randomise(net, seed=0):
    """Fills a net with numbers that keep its maps in range: the same ones on every machine."""
    draw = np.random.RandomState(seed)
    with torch.no_grad():
        for key, tensor in net.state_dict().items():
            if not tensor.is_floating_point():
                continue
            if key.endswith("running_var") or (key.endswith("weight") and tensor.ndim == 1):
                numbers = draw.uniform(0.5, 1.5, tensor.shape)
            elif tensor.ndim == 1:
                numbers = draw.uniform(-0.1, 0.1, tensor.shape)
            else:
                fan_in = int(np.prod(tensor.shape[1:]))
                numbers = draw.standard_normal(tuple(tensor.shape)) * (2 / fan_in) ** 0.5
            tensor.copy_(torch.from_numpy(np.asarray(numbers)))
    return net


def calm(net, ending):
    """Makes small what layers of such names give: the ends of branches of a very deep net.

    Else its maps double with each block in inference, and float32 says nothing any more.
    """
    with torch.no_grad():
        for key, tensor in net.state_dict().items():
            if key.endswith(f"{ending}.weight"):
                tensor.mul_(0.2)
    return net


def lift(net, by=0.5):
    """Moves what batch norms give up by half a deviation, so that ReLU lets more of it pass.

    A row of norms and ReLUs in training makes what float32 rounds off a hundred times as large;
    so it is ten times. A deep net without shortcuts needs a whole deviation.
    """
    state = net.state_dict()
    with torch.no_grad():
        for key in state:
            bias = key.removesuffix("running_mean") + "bias"
            if bias != key + "bias" and bias in state:
                state[bias].add_(by)
    return net


def still(net):
    """Turns off what draws random numbers in training: in a net of ours, or of Keras'."""
    for layer in net.layers:
        for rate in ("rate", "drop_path_rate"):
            if hasattr(layer, rate):
                setattr(layer, rate, 0.0)
    return net


def pictures(*shape, seed=1):
    """(n, h, w, c) of numbers around 0."""
    return np.random.RandomState(seed).standard_normal(shape).astype(np.float32)


def apart(a, b):
    """max|a - b| / max|b|."""
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    assert a.shape == b.shape
    return float(np.abs(a - b).max() / np.abs(b).max())


def answers(net, x):
    """What a net of ours says in inference, and in training with what its statistics became.

    The outputs that training alone has stand beside the others.
    """
    x = torch.from_numpy(x)
    with torch.no_grad():
        said = net(x)
        with mode(net, True):
            trained = net(x)
    if isinstance(trained, dict):
        trained = torch.cat(list(trained.values()), dim=1)
    running = {k: v for k, v in net.state_dict().items() if "running" in k}
    return said.numpy(), trained.numpy(), {k: v.numpy() for k, v in running.items()}


def same_as_keras(net, theirs, x, *, named=lambda name: name, limit=1e-4):
    """Moves the weights to Keras' net by the names of layers; compares both ways of running.

    Args:
        net: ours, randomised.
        theirs: Keras' net.
        x: pictures.
        named: from our layer's name to Keras'.
        limit: of the error relative to the largest value.
    """
    import keras

    moved = set()
    for name, layer in zip(net.layer_names, net.layers, strict=True):
        if layer.get_weights():
            their = theirs.get_layer(named(name))
            their.set_weights(layer.get_weights())
            if hasattr(their, "finalize_state"):  # of a Normalization, which keeps a copy
                their.finalize_state()
            moved.add(named(name))
    assert moved == {layer.name for layer in theirs.layers if layer.weights}
    said, trained, running = answers(net, x)
    assert apart(said, keras.ops.convert_to_numpy(theirs(x, training=False))) <= limit
    assert apart(trained, keras.ops.convert_to_numpy(theirs(x, training=True))) <= limit
    for name, layer in zip(net.layer_names, net.layers, strict=True):
        if any("running" in key for key in layer.state_dict()):
            pairs = zip(
                layer.get_weights(), theirs.get_layer(named(name)).get_weights(), strict=True
            )
            assert all(apart(a, b) <= limit for a, b in pairs), name
    assert running or not any("BatchNorm" in type(each).__name__ for each in theirs.layers)
