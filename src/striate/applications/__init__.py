"""Trained nets: an architecture, its published weights, their preprocessing and class names."""

from .pretrained import Pretrained, pretrained

__all__ = ["Pretrained", "pretrained"]
