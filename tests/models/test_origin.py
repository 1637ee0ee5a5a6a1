"""Origin: which architecture a net is, through saving and loading."""

import pytest

import striate
from striate.architectures import resnet18, resnet20
from striate.errors import ArgumentError
from striate.models.origin import Origin


def test_a_saved_net_knows_its_architecture(tmp_path):
    net = resnet18((32, 32, 3), 3, dialect="timm")
    assert net.origin == Origin("resnet18", "timm")
    assert str(net.origin) == 'resnet18 in dialect "timm"'
    net.save(tmp_path / "net")
    assert striate.load_model(tmp_path / "net").origin == net.origin
    assert resnet20().origin == Origin("resnet20", "paper")


def test_names_only():
    with pytest.raises(ArgumentError, match=r"`architecture` must be a name\. Got architecture=3"):
        Origin(3, "paper")
