"""Whole jobs in one call: train a classifier on labelled pictures, score it, ask it.

run = striate.tasks.classify.train("photos/")
striate.tasks.classify.evaluate(run.folder)
striate.tasks.classify.predict(run.folder, ["new.jpg"])
"""

from striate.tasks import classify, environment
from striate.tasks.convnet import convnet
from striate.tasks.scores import Scores

__all__ = ["Scores", "classify", "convnet", "environment"]
