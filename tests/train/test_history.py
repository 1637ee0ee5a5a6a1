"""History: a list for each number, an entry for each epoch."""

from striate.train import History


def test_it_grows_by_epochs():
    history = History({"epochs": 2})
    history.add(0, {"loss": 2.0, "accuracy": 0.5})
    history.add(1, {"loss": 1.0, "accuracy": 0.75, "val_loss": 3.0})
    assert history.epoch == [0, 1]
    assert history.history == {"loss": [2.0, 1.0], "accuracy": [0.5, 0.75], "val_loss": [3.0]}
    assert history.params == {"epochs": 2}
    words = "<History of 2 epochs: loss 1.0000, accuracy 0.7500, val_loss 3.0000>"
    assert repr(history) == words


def test_it_may_be_empty():
    assert History().history == {}
    assert repr(History()).startswith("<History of 0 epochs")
