"""Who competes: name in the tables -> module, environment, variables and settings."""

from __future__ import annotations

from benchmarks.environments import Environments
from benchmarks.processes import Contender

STRIATE, STRIATE_BF16, STRIATE_CALL = "striate", "striate bf16", "striate called"
STRIATE_LEAN = "striate, memory not kept"
KERAS = ("Keras TensorFlow", "Keras JAX", "Keras PyTorch")
TUNED, TUNED_BF16, TUNED_COMPILED = "PyTorch tuned", "PyTorch tuned bf16", "PyTorch compiled"
TUNED_KEPT, TUNED_BF16_KEPT = "PyTorch tuned, memory kept", "PyTorch tuned bf16, memory kept"
PLAIN, ENGINES = "PyTorch DataLoader", ("ONNX Runtime", "OpenVINO")
EAGER, EAGER_LAST = "PyTorch eager", "PyTorch channels-last"

TABLE = {
    STRIATE: ("striate_", "own", {}, {"precision": "float32"}),
    STRIATE_BF16: ("striate_", "own", {}, {"precision": "bfloat16"}),
    STRIATE_LEAN: ("striate_", "own", {}, {"precision": "float32", "keep": False}),
    STRIATE_CALL: ("striate_", "own", {}, {"precision": "float32", "called": True}),
    "Keras TensorFlow": ("keras_", "tensorflow", {"KERAS_BACKEND": "tensorflow"}, {}),
    "Keras JAX": ("keras_", "jax", {"KERAS_BACKEND": "jax"}, {}),
    "Keras PyTorch": ("keras_", "torch", {"KERAS_BACKEND": "torch"}, {}),
    PLAIN: ("torch_plain", "own", {}, {}),
    TUNED: ("torch_tuned", "own", {}, {}),
    TUNED_BF16: ("torch_tuned", "own", {}, {"bfloat16": True}),
    TUNED_KEPT: ("torch_tuned", "own", {}, {"keep": True}),
    TUNED_BF16_KEPT: ("torch_tuned", "own", {}, {"bfloat16": True, "keep": True}),
    TUNED_COMPILED: ("torch_tuned", "own", {}, {"compiled": True}),
    EAGER: ("torch_plain", "own", {}, {}),
    EAGER_LAST: ("torch_tuned", "own", {}, {}),
    "ONNX Runtime": ("onnxruntime_", "onnxruntime", {}, {}),
    "OpenVINO": ("openvino_", "openvino", {}, {}),
}


def contender(name: str, environments: Environments) -> Contender:
    """The contender of a name, its environment standing."""
    module, environment, variables, settings = TABLE[name]
    python = environments.python(environment)
    return Contender(name, module, python, tuple(variables.items()), tuple(settings.items()))
