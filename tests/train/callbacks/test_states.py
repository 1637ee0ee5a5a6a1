"""Every callback says what of it decides a run, and gives its state through JSON and back."""

import json

import pytest
import torch

from striate.train import callbacks
from striate.train.callbacks import (
    Callback,
    CSVLogger,
    EarlyStopping,
    LearningRateScheduler,
    ModelCheckpoint,
    ReduceLROnPlateau,
    TerminateOnNaN,
)
from striate.train.state_tree import put_together, take_apart

WATCHING = {"CSVLogger", "ModelCheckpoint", "ProgressBar", "TensorBoard"}
LOSSES = [3.0, 1.0, 2.0, 1.5, 0.5, 2.5, 2.0, 4.0]


class Net(torch.nn.Linear):
    """What callbacks ask of a model."""

    stop_training = False

    def __init__(self):
        super().__init__(1, 1, bias=False)
        self.optimizer = torch.optim.SGD(self.parameters(), 1.0)

    def to_json(self):
        return "{}"

    def save(self, path):
        self.saved = str(path)


def made(name, folder):
    return {
        "CSVLogger": lambda: CSVLogger(folder / "log.csv"),
        "EarlyStopping": lambda: EarlyStopping(patience=9, restore_best_weights=True),
        "LearningRateScheduler": lambda: LearningRateScheduler(lambda epoch: 0.1),
        "ModelCheckpoint": lambda: ModelCheckpoint(folder / "{epoch}", save_best_only=True),
        "ReduceLROnPlateau": lambda: ReduceLROnPlateau(patience=1, cooldown=1),
    }.get(name, lambda: getattr(callbacks, name)())()


def told(callback, net, epochs, *, resumed_at=None):
    callback.set_params({"validation_epochs": 1, "resumed_at": resumed_at})
    callback.set_model(net)
    callback.on_train_begin({})
    for epoch in epochs:
        callback.on_epoch_begin(epoch)
        with torch.no_grad():
            net.weight.fill_(float(epoch))
        callback.on_epoch_end(epoch, {"loss": 1.0, "val_loss": LOSSES[epoch]})


@pytest.mark.parametrize("name", callbacks.__all__)
def test_what_watches_says_so(name, tmp_path):
    settings = made(name, tmp_path).settings()
    assert (settings is None) == (name in WATCHING)
    json.dumps(settings)


@pytest.mark.parametrize(
    "name", ["CSVLogger", "EarlyStopping", "ModelCheckpoint", "ReduceLROnPlateau"]
)
@pytest.mark.parametrize("halt", range(1, 7))
def test_a_state_goes_on_where_it_was(name, halt, tmp_path):
    whole, net = made(name, tmp_path / "whole"), Net()
    told(whole, net, range(8))
    first, half = made(name, tmp_path / "run"), Net()
    told(first, half, range(halt))
    form, tensors = take_apart("fit", first.state_dict())
    copies = {key: tensor.clone() for key, tensor in tensors.items()}
    rate = half.optimizer.param_groups[0]["lr"]
    first.on_epoch_end(halt, {"loss": 1.0, "val_loss": 0.0})  # what the kill has undone
    second, rest = made(name, tmp_path / "run"), Net()
    rest.optimizer.param_groups[0]["lr"] = rate  # a part of the optimizer's state
    told(second, rest, [], resumed_at=halt)
    second.load_state_dict(put_together(json.loads(json.dumps(form)), copies))
    for epoch in range(halt, 8):
        second.on_epoch_begin(epoch)
        with torch.no_grad():
            rest.weight.fill_(float(epoch))
        second.on_epoch_end(epoch, {"loss": 1.0, "val_loss": LOSSES[epoch]})
    assert rest.optimizer.param_groups[0]["lr"] == net.optimizer.param_groups[0]["lr"]
    ours, theirs = (take_apart("x", each.state_dict()) for each in (second, whole))
    assert ours[0] == theirs[0]
    assert all(torch.equal(ours[1][key], theirs[1][key]) for key in theirs[1])


def test_a_message_comes_back():
    first, second = TerminateOnNaN(), TerminateOnNaN()
    first.message = "words"
    second.load_state_dict(first.state_dict())
    assert second.message == "words"


def test_a_callback_of_ones_own_has_no_state_and_counts_by_its_class():
    class Own(Callback):
        pass

    assert Own().state_dict() == {}
    assert Own().settings() == {}
    assert Own().load_state_dict({}) is None
