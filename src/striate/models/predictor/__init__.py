"""Predictor: a model's run in inference, with weights folded and laid out for the processor."""

from .predictor import Predictor, predictor_of

__all__ = ["Predictor", "predictor_of"]
