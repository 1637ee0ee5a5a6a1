"""Classification of pictures: train a net on labelled ones, score it, ask it about others.

run = classify.train("photos/")
classify.evaluate(run.folder)
classify.predict(run.folder, ["new.jpg"])
"""

from striate.tasks.classify.classifier import Classifier, open_classifier
from striate.tasks.classify.evaluating import Evaluation, evaluate
from striate.tasks.classify.predicting import Prediction, predict, predict_each
from striate.tasks.classify.published import published_classifier
from striate.tasks.classify.rate_finding import FoundRate, find_rate
from striate.tasks.classify.run import Run
from striate.tasks.classify.run_plan import plan_run
from striate.tasks.classify.training import train, train_with

__all__ = [
    "Classifier",
    "Evaluation",
    "FoundRate",
    "Prediction",
    "Run",
    "evaluate",
    "find_rate",
    "open_classifier",
    "plan_run",
    "predict",
    "predict_each",
    "published_classifier",
    "train",
    "train_with",
]
