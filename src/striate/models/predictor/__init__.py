"""Predictor: a model's run in inference, with weights folded and laid out for the processor."""

from .inference_run import InferenceRun, can_run
from .predictor import Predictor, fastest, predictor_of

__all__ = ["InferenceRun", "Predictor", "can_run", "fastest", "predictor_of"]
