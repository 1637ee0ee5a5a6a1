"""A layer's configuration from Keras' words to ours."""

from __future__ import annotations

from typing import Any

from ... import _check
from ...layers.base import layer_types
from ...layers.state import own_arguments
from .layer_rules import HOMES, INERT, LAYER_RULES, NEUTRAL, LayerRule
from .lines import Refusal, constant, layer_of_line

__all__ = ["plain", "translate"]

_REGULARIZERS = {"L1": "l1", "L2": "l2", "L1L2": "l1_l2", "l1": "l1", "l2": "l2", "l1_l2": "l1_l2"}
_ACTIVATIONS = {"hard_silu": "hard_swish"}
_ONE_DRAW_A_SAMPLE = [None, 1, 1, 1]
_FLOAT32, _MIXED = "float32", ("mixed_float16", "mixed_bfloat16")
_WEIGHTS_ALONE = "Or build the net in Python and load the weights alone: model.load_weights(path)."


def translate(
    entry: dict[str, Any], refuse: Refusal, *, left_out: list[str], is_keras_2: bool
) -> dict[str, Any]:
    """The entry {"type", "config"} of our layer for one of Keras.

    Args:
        entry: of the layer in Keras' configuration.
        refuse: raises, told what must hold, what was found and the way out.
        left_out: what does not change the outputs, and is not taken, is added here.
        is_keras_2: whether the file is of Keras 1 or 2, where some words mean something else.

    Raises:
        WeightsError: a class that is not in the table, an argument that is none of ours, or a
            value that ours cannot have.
    """
    name = entry["class_name"]
    rule = _rule_of(name, entry, refuse)
    config = {key: plain(value) for key, value in entry["config"].items()}
    rule, config = _another(name, rule, config, refuse)
    values: dict[str, Any] = dict(rule.given)
    known = {*own_arguments(layer_types.get(rule.kind)), "name", "trainable"}
    for key, value in config.items():
        ours = rule.renamed.get(key, key)
        if key == "dtype":
            _check_dtype(value, refuse, left_out)
        elif key.endswith("_initializer"):
            left_out.append("initializers")
        elif rule.kind == "BatchNormalization" and key == "axis":
            pass  # its place is compared with the input when the net stands
        elif ours not in known or ours in rule.given:
            _check_neutral(key, value, rule, refuse)
        elif key.endswith("_regularizer"):
            values[ours] = _regularizer(key, value, left_out)
        elif key == "activation":
            values[ours] = _activation(value, refuse, is_keras_2=is_keras_2)
        else:
            values[ours] = value
    return {"type": rule.kind, "config": values}


def plain(value: Any) -> Any:
    """A value without the wrappers in which Keras keeps tuples and arrays."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("class_name") == "__tuple__":
        return plain(value.get("items"))
    if value.get("class_name") in ("__numpy__", "__tensor__"):
        return value["config"]["value"]
    if set(value) == {"type", "value"}:
        return value["value"]
    return value


def _rule_of(name: Any, entry: dict[str, Any], refuse: Refusal) -> LayerRule:
    if name in ("Lambda", "TFOpLambda", "TensorFlowOpLayer"):
        fix = (
            f"Code is never run: put layers of Keras in its place, and save again. {_WEIGHTS_ALONE}"
        )
        refuse("be a layer, not code", name, fix)
    home = entry.get("module")
    is_keras = home is None or str(home).startswith(HOMES)
    if not isinstance(name, str) or name not in LAYER_RULES or not is_keras:
        near = ", ".join(_check.nearest(name, LAYER_RULES))
        fix = f"Take another in Keras, nearest: {near}. {_WEIGHTS_ALONE}"
        refuse("be a layer of Keras that striate has", _title(name, home, is_keras), fix)
    return LAYER_RULES[name]


def _another(
    name: str, rule: LayerRule, config: dict[str, Any], refuse: Refusal
) -> tuple[LayerRule, dict[str, Any]]:
    """The rule and arguments of a layer that is another of ours for some values."""
    if name == "Dropout" and config.get("noise_shape") == _ONE_DRAW_A_SAMPLE:
        return LayerRule("StochasticDepth"), {**config, "noise_shape": None}
    if name == "Rescaling":
        scale, offset = constant(config.get("scale")), constant(config.get("offset", 0.0))
        if scale is not None and offset is not None:
            line = layer_of_line(scale, offset, refuse)
            rest = {key: config[key] for key in config if key not in ("scale", "offset")}
            return LayerRule(line["type"]), rest | line["config"]
    return rule, config


def _title(name: Any, home: Any, is_keras: bool) -> str:
    return str(name)[:80] if is_keras else f"{str(name)[:80]} of {str(home)[:80]}"


def _check_dtype(value: Any, refuse: Refusal, left_out: list[str]) -> None:
    policy = value
    if isinstance(value, dict):
        inside = value.get("config")
        policy = inside.get("name") if isinstance(inside, dict) else value
    if policy in _MIXED:
        left_out.append(f"the number type {policy}: the net computes in float32")
    elif policy not in (None, _FLOAT32):
        fix = f'Build the net with dtype="float32" in Keras, and save it again. {_WEIGHTS_ALONE}'
        refuse("compute in float32", _short(policy), fix)


def _check_neutral(key: str, value: Any, rule: LayerRule, refuse: Refusal) -> None:
    allowed = rule.neutral.get(key, NEUTRAL.get(key, (None,)))
    if key in INERT or value in allowed:
        return
    if key.endswith("_constraint") or key == "activity_regularizer":
        fix = (
            f"It acts in training alone: set it to None in Keras, and save again. {_WEIGHTS_ALONE}"
        )
    elif key == "data_format":
        fix = f"Build the net with channels_last in Keras, and save it again. {_WEIGHTS_ALONE}"
    else:
        fix = f"Build the net without it in Keras, and save it again. {_WEIGHTS_ALONE}"
    usual = " or ".join(str(each) for each in allowed)
    refuse(f"have `{key}` {usual}, all that {rule.kind} of striate can do", _short(value), fix)


def _regularizer(key: str, value: Any, left_out: list[str]) -> Any:
    """As `from_json` takes it; one that we lack changes no output and is left out."""
    if value is None or value in _REGULARIZERS.values():
        return value
    name = value.get("class_name") if isinstance(value, dict) else value
    if name not in _REGULARIZERS:
        left_out.append(f"{key} {_short(name)}")
        return None
    factors = {key: factor for key, factor in value["config"].items() if key in ("l1", "l2")}
    return {"regularizer": _REGULARIZERS[name], **factors}


def _activation(value: Any, refuse: Refusal, *, is_keras_2: bool) -> Any:
    if isinstance(value, dict):
        name = value.get("registered_name") or value.get("config")
        rule = "have an activation with a name of Keras"
        fix = f"Put a layer in its place in Keras, and save again. {_WEIGHTS_ALONE}"
        refuse(rule, _short(name), fix)
    if is_keras_2 and value == "hard_sigmoid":
        rule = (
            "have another activation: hard_sigmoid of Keras 2 is 0.2 x + 0.5, here relu6(x + 3) / 6"
        )
        refuse(rule, value, f"Build the net anew with a function of your own. {_WEIGHTS_ALONE}")
    return _ACTIVATIONS.get(value, value)


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 100 else f"{text[:100]}…"
