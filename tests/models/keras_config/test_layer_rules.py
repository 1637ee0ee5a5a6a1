"""The table of Keras' layers: every rule leads to a layer that can be saved and loaded."""

import keras

from striate.layers.base import layer_types
from striate.layers.state import own_arguments
from striate.models.keras_config.layer_rules import INERT, LAYER_RULES, NEUTRAL

NOT_KERAS = {"LayerScale"}  # of keras.applications


def test_every_rule_leads_from_a_layer_of_keras_to_one_of_ours():
    for name, rule in LAYER_RULES.items():
        assert hasattr(keras.layers, name) or name in NOT_KERAS
        known = own_arguments(layer_types.get(rule.kind))
        assert {*rule.renamed.values(), *rule.given} <= set(known), name


def test_our_layers_that_keras_has_too_all_have_a_rule():
    shared = {name for name in layer_types if hasattr(keras.layers, name)}
    assert shared - set(LAYER_RULES) == {"InputLayer", "Lambda"}


def test_what_is_neutral_is_not_inert():
    assert not INERT & NEUTRAL.keys()
