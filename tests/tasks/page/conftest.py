"""Reports of drawn answers, of one class a picture and of several, with names that mean harm."""

import numpy as np
import pytest

from striate.records import Preprocess
from striate.tasks.page.whole import report_page
from striate.tasks.run.facts import RunFacts
from striate.tasks.scoring.calibration import calibrate
from striate.tasks.scoring.predictions import Predictions
from striate.tasks.scoring.worst import worst_cases


@pytest.fixture
def answers(rng):
    """make(several=, classes=, n=, right=): answers about drawn pictures."""

    def make(*, several=False, classes=("cat", "dog", "owl"), n=80, right=0.7, names=None):
        count = len(classes)
        if several:
            truth = (rng.random((n, count)) < 0.4).astype(np.uint8)
            p = np.clip(right * truth + (1 - right) * rng.random((n, count)), 0.01, 0.99)
        else:
            truth = rng.integers(0, count, n)
            answer = np.where(rng.random(n) < right, truth, rng.integers(0, count, n))
            p = 0.7 * np.eye(count)[answer] + 0.3 * rng.dirichlet(np.ones(count), n)
        names = names or [f"{classes[0]}/{number}.png" for number in range(n)]
        return Predictions("pets", "test", tuple(classes), names, truth, p.astype(np.float32))

    return make


@pytest.fixture
def report(rng):
    """make(said, **facts): (the text of the page, the scores) of some answers."""

    def make(said, *, name="pets-1", sheet=None, side=20, **changes):
        facts = RunFacts(
            **{
                "data": said.data,
                "class_names": said.class_names,
                "preprocess": Preprocess(size=(side, side), channels=3),
                "history": {"loss": [1.5, 1.0, 0.7], "val_loss": [1.6, 1.2, 1.1]},
                "config": "epochs = 3\n",
                "counts": {"train": [7] * len(said.class_names)},
                "environment": {"started": "2026-01-02T03:04:05+00:00", "packages": {"torch": "2"}},
                "seconds": 75.0,
                **changes,
            }
        )
        scores = said.scores()
        cases = worst_cases(said, 25)
        text = report_page(
            name,
            facts,
            scores=scores,
            calibration=calibrate(said.probabilities, said.truth, part="test"),
            cases=cases,
            images=rng.integers(0, 256, (len(cases), side, side, 3), dtype=np.uint8),
            mistakes=int((~said.hits).sum()),
            sheet=sheet,
        )
        return text, scores

    return make
