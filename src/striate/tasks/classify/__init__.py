"""Classification of pictures: train a net on labelled ones, score it, ask it about others.

run = classify.train("photos/")
classify.evaluate(run.folder)
classify.predict(run.folder, ["new.jpg"])
"""

from striate.tasks.classify.evaluating import evaluate
from striate.tasks.classify.predicting import Prediction, predict
from striate.tasks.classify.training import Run, train

__all__ = ["Prediction", "Run", "evaluate", "predict", "train"]
