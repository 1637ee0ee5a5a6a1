"""Whole jobs in one call: train a classifier on labelled pictures, score it, ask it.

run = striate.tasks.train_classifier("photos/")
striate.tasks.evaluate_run(run.folder)
striate.tasks.predict_files(run.folder, ["new.jpg"])
"""

from striate.tasks import environment
from striate.tasks.classify import Run, train_classifier
from striate.tasks.convnet import convnet
from striate.tasks.evaluate import evaluate_run
from striate.tasks.predict import Prediction, predict_files
from striate.tasks.scores import Scores

__all__ = [
    "Prediction",
    "Run",
    "Scores",
    "convnet",
    "environment",
    "evaluate_run",
    "predict_files",
    "train_classifier",
]
