"""Ways to join layers into a net, and Keras' verbs on it."""

from .inputs import Input, InputLayer
from .loading import load_model
from .model import Model
from .sequential import Sequential

__all__ = ["Input", "InputLayer", "Model", "Sequential", "load_model"]
