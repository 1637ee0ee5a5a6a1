"""Ways to join layers into a net, and Keras' verbs on it."""

from .backbone import Backbone
from .difference import diff_models
from .inputs import Input, InputLayer
from .loading import load_model
from .model import Model
from .sequential import Sequential

__all__ = ["Backbone", "Input", "InputLayer", "Model", "Sequential", "diff_models", "load_model"]
