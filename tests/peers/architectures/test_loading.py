"""A state dict as the peers' nets have it becomes ours, and tells of which net it is."""

import pytest
import torch
from tests.architectures.moving import randomise
from tests.peers.architectures.states import STATES

from striate.architectures import ARCHITECTURES, sketch
from striate.io.foreign.converter import ForeignWeights
from striate.models.foreign_names import match_by_names
from striate.models.foreign_state import foreign_state
from striate.weights.nearest import dialect_of, nearest_architectures

FILES = (
    ("googlenet_3x3", "torchvision"),  # with its classifiers beside
    ("mobilenet_v3_small", "torchvision"),  # two of its dense layers are convolutions here
    ("mobilenet_v3_small", "timm"),
)
NOT_LONG = ("timm-cspresnet50", "timm-seresnet18", "timm-legacy_seresnet50", "torchvision-vgg16_bn")
MARKED = [
    pytest.param(each, marks=[pytest.mark.long] * (str(each) not in NOT_LONG)) for each in STATES
]
ONE_NAME = ("resnet", "resnext", "densenet")  # timm's nets have torchvision's names


@pytest.mark.peers
@pytest.mark.parametrize(("name", "library"), FILES)
def test_what_torch_saved_comes_in(name, library, tmp_path):
    build = ARCHITECTURES.get(name)
    theirs, ours = (build((96, 96, 3), 7, dialect=library) for _ in range(2))
    state = foreign_state(randomise(theirs), library)
    torch.save({key: tensor.contiguous() for key, tensor in state.items()}, tmp_path / "w.pth")
    report = ours.load_weights(tmp_path / "w.pth")
    assert report.fits
    assert report.source == library
    assert report.moved > 0
    wanted = theirs.state_dict()
    assert all(torch.equal(tensor, wanted[key]) for key, tensor in ours.state_dict().items())


@pytest.mark.peers
@pytest.mark.parametrize("classes", [1000, 7])
@pytest.mark.parametrize("peer", MARKED, ids=map(str, STATES))
def test_names_and_shapes_tell_the_net(peer, classes):
    net = sketch(peer.name, classes=classes, dialect=peer.written)
    state = foreign_state(net, peer.library)
    report = match_by_names(net, ForeignWeights("zip", state), place="file").report
    assert report.fits, report
    assert nearest_architectures(state, most=1)[0].startswith(f"{peer.name} (names of ")
    is_shared = peer.name.startswith(ONE_NAME) and "v2" not in peer.name
    is_there = any(each.name == "torchvision" for each in ARCHITECTURES.get(peer.name).dialects)
    wanted = "torchvision" if is_shared and is_there else peer.written
    assert dialect_of(peer.name, state) == wanted


def test_old_files_of_densenet():
    net = sketch("densenet121", dialect="torchvision")
    state = foreign_state(net, "torchvision")
    old = {
        key.replace(".norm1.", ".norm.1.").replace(".conv2.", ".conv.2."): tensor
        for key, tensor in state.items()
    }
    old = {
        key.replace(".norm2.", ".norm.2.").replace(".conv1.", ".conv.1."): tensor
        for key, tensor in old.items()
    }
    assert not old.keys() >= state.keys()
    assert match_by_names(net, ForeignWeights("zip", old), place="file").report.fits
