"""CSVLogger writes the file that Keras writes."""

import csv

import keras
import pytest

from striate.train.callbacks import CSVLogger

LOGS = [{"loss": 0.5, "val_loss": 0.25}, {"loss": 0.25, "val_loss": 0.75}]


class Told:
    stop_training = False


def write(callback, logs=LOGS, first=0):
    callback.set_model(Told())
    callback.on_train_begin({})
    for epoch, each in enumerate(logs, first):
        callback.on_epoch_end(epoch, dict(each))
    callback.on_train_end({})


def rows(path, separator=","):
    with path.open(newline="") as file:
        return list(csv.DictReader(file, delimiter=separator))


@pytest.mark.parametrize("separator", [",", ";"])
def test_the_rows_are_keras(separator, tmp_path):
    ours, theirs = tmp_path / "ours.csv", tmp_path / "theirs.csv"
    write(CSVLogger(ours, separator))
    write(keras.callbacks.CSVLogger(str(theirs), separator))
    assert rows(ours, separator) == rows(theirs, separator)
    assert ours.read_text().split()[0] == separator.join(["epoch", "loss", "val_loss"])


def test_append_keeps_header_and_columns(tmp_path):
    path = tmp_path / "deep" / "log.csv"
    write(CSVLogger(path))
    write(CSVLogger(path, append=True), [{"val_loss": 1.0, "loss": 0.0, "new": 3.0}], first=2)
    found = rows(path)
    assert [row["epoch"] for row in found] == ["0", "1", "2"]
    assert found[-1] == {"epoch": "2", "loss": "0.0", "val_loss": "1.0"}
    write(CSVLogger(path))
    assert len(rows(path)) == 2


def test_each_line_is_on_disk_at_once(tmp_path):
    logger = CSVLogger(tmp_path / "log.csv")
    logger.on_train_begin({})
    logger.on_epoch_end(0, LOGS[0])
    assert len(rows(tmp_path / "log.csv")) == 1


def test_numbers_that_come_and_go(tmp_path):
    path = tmp_path / "log.csv"
    write(CSVLogger(path), [{"loss": 1.0, "val_loss": 2.0}, {"loss": 0.5}])
    assert rows(path)[1] == {"epoch": "1", "loss": "0.5", "val_loss": ""}
