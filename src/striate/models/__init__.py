"""Ways to join layers into a net, and Keras' verbs on it."""

from .backbone import Backbone
from .depth import freeze_until, layers_by_stage, rates_by_depth
from .difference import diff_models
from .fully_convolutional import to_fully_convolutional
from .inputs import Input, InputLayer
from .keras_config.importing import from_keras, import_keras
from .loading import load_model
from .model import Model
from .new_channels import with_channels
from .new_head import with_head
from .planning.calibration import calibrate
from .planning.fields import receptive_fields
from .planning.kept_bytes import kept_bytes
from .planning.plan import plan
from .planning.remedies import remedies
from .sequential import Sequential
from .weight_export import export_weights

__all__ = [
    "Backbone",
    "Input",
    "InputLayer",
    "Model",
    "Sequential",
    "calibrate",
    "diff_models",
    "export_weights",
    "freeze_until",
    "from_keras",
    "import_keras",
    "kept_bytes",
    "layers_by_stage",
    "load_model",
    "plan",
    "rates_by_depth",
    "receptive_fields",
    "remedies",
    "to_fully_convolutional",
    "with_channels",
    "with_head",
]
