"""A small training of any module of torch that can be stopped anywhere: for the tests of resume."""

import torch
from torch import nn

from striate.losses import MeanSquaredError
from striate.metrics import MeanAbsoluteError
from striate.train import Checkpoint, Criterion, History, TrainStep, engine
from striate.train.callbacks import Callback
from striate.train.configuration import configuration_of
from striate.train.iterables import IterableBatches
from striate.train.opening import opened
from striate.train.totals import OutputMetrics

MSE = Criterion([MeanSquaredError()], ["out"], [1.0])
X = torch.linspace(-1, 1, 20)[:, None]
PARTS = [(X[i : i + 4], 3 * X[i : i + 4] + 1) for i in range(0, 20, 4)]
EPOCHS, STEPS = 3, 5


class Stop(Exception):
    """The end of a life."""


class Stopper(Callback):
    """Raises at the n-th step of a life, or at the end of an epoch."""

    def __init__(self, step=None, epoch=None):
        self.left, self.epoch = step, epoch

    def settings(self):
        return None

    def on_train_batch_begin(self, batch, logs=None):
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise Stop

    def on_epoch_end(self, epoch, logs=None):
        if epoch == self.epoch:
            raise Stop


class Cursored:
    """Batches that can begin anywhere."""

    steps_per_epoch = STEPS

    def epoch(self, number, *, start_step=0):
        turned = PARTS[number % STEPS :] + PARTS[: number % STEPS]
        return IterableBatches(turned).epoch(number, start_step=start_step)


def life(folder, *, batches=None, epochs=EPOCHS, resume="auto", seed=3, callbacks=(), **options):
    """(step, history) of one life of a run; `options` are those of a Checkpoint, and validate."""
    validate = options.pop("validate", None)
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(1, 4), nn.Dropout(0.2), nn.Linear(4, 1))
    optimizer = torch.optim.Adam(net.parameters(), 0.05)
    metrics, history = OutputMetrics([("mae", 0, MeanAbsoluteError())]), History()
    said = options.pop("said", [])
    checkpoint = Checkpoint(folder, **{"every": 2, **options}, say=said.append)
    with opened(checkpoint, resume) as keeper:
        step = TrainStep(net, MSE, optimizer, seed=keeper.seed(seed))
        settings = configuration_of(step, metrics, callbacks, more={})
        keeper.agree(settings, step.device, epochs=epochs)
        engine.fit(
            step,
            batches or Cursored(),
            epochs=epochs,
            metrics=metrics,
            callbacks=callbacks,
            history=history,
            keeper=keeper,
            validate=validate,
        )
    return step, history


def same(first, second):
    """Whether two lives ended with the same weights, optimizer and numbers."""
    (step, history), (other, numbers) = first, second
    weights = zip(step.model.state_dict().values(), other.model.state_dict().values(), strict=True)
    states = zip(
        step.optimizer.state_dict()["state"].values(),
        other.optimizer.state_dict()["state"].values(),
        strict=True,
    )
    return (
        all(torch.equal(a, b) for a, b in weights)
        and all(torch.equal(a[key], b[key]) for a, b in states for key in a)
        and history.history == numbers.history
        and history.epoch == numbers.epoch
    )
