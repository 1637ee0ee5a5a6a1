"""Ways to join layers into a net, and Keras' verbs on it."""

from .backbone import Backbone
from .depth import freeze_until, layers_by_stage, rates_by_depth
from .difference import diff_models
from .inputs import Input, InputLayer
from .loading import load_model
from .model import Model
from .sequential import Sequential

__all__ = [
    "Backbone",
    "Input",
    "InputLayer",
    "Model",
    "Sequential",
    "diff_models",
    "freeze_until",
    "layers_by_stage",
    "load_model",
    "rates_by_depth",
]
