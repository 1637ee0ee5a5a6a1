"""Files with another library's names: taken in their dialect, refused in another."""

import pytest
import safetensors.torch
import torch

from striate import Input, Model, layers
from striate.architectures import resnet18, resnet20
from striate.errors import WeightsError
from striate.models.origin import Origin
from striate.weights.names import NAME_MAPS
from tests.architectures.moving import randomise
from tests.peers.architectures.peer import plain


def small(dialect, **options):
    shape = (32, 32, 3)
    return resnet18(shape, 7, dialect=dialect, classifier_activation=None, **options)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """A file in torchvision's names, as its net in a wrapper would be saved; and the net."""
    net = randomise(small("torchvision"))
    (known, _) = NAME_MAPS["resnet18"]
    state = {f"module.{known.called(plain(n))}": t for n, t in net.state_dict().items()}
    state = {name: tensor.contiguous() for name, tensor in state.items()}
    state["module.bn1.num_batches_tracked"] = torch.tensor(5)
    path = tmp_path_factory.mktemp("file") / "w.safetensors"
    safetensors.torch.save_file(state, path)
    return path, net, state


def test_same_outputs_and_a_report(file):
    path, theirs, _ = file
    net = small("torchvision")
    report = net.load_weights(path)
    assert report.source == "torchvision"
    assert report.matched["_layers.conv1_bn.running_var"] == "module.bn1.running_var"
    assert report.left_out == ("module.bn1.num_batches_tracked",)
    assert 0.01 < report.moved <= 2
    x = torch.rand(2, 32, 32, 3)
    with torch.no_grad():
        assert torch.equal(net(x), theirs(x))
    assert net.load_weights(path).moved == 0


def test_another_dialect_is_refused(file):
    words = (
        r'must be written for the dialect of the net, "paper"\. Got names of torchvision or timm\. '
        r'Build it as resnet18\(dialect="torchvision"\)\.'
    )
    with pytest.raises(WeightsError, match=words):
        small("paper").load_weights(file[0])


def test_another_net_is_refused_with_the_nearest(file):
    with pytest.raises(WeightsError, match=r"Nearest by names and size: resnet18 \(names of"):
        resnet20().load_weights(file[0])


def test_another_head(file):
    net = resnet18((32, 32, 3), 4, dialect="torchvision")
    with pytest.raises(WeightsError, match=r"2 unlike .* `classes`, or say skip_mismatch=True"):
        net.load_weights(file[0])
    before = net.get_layer("predictions").get_weights()[0]
    report = net.load_weights(file[0], skip_mismatch=True)
    assert set(report.unlike) == {"_layers.predictions.weight", "_layers.predictions.bias"}
    assert (net.get_layer("predictions").get_weights()[0] == before).all()
    conv = file[1].get_layer("conv5_block2_2_conv")
    assert torch.equal(net.get_layer("conv5_block2_2_conv").weight, conv.weight)


def test_nothing_that_fits_is_refused_even_so(tmp_path):
    safetensors.torch.save_file({"x": torch.ones(1)}, tmp_path / "w")
    with pytest.raises(WeightsError, match="0 that fit"):
        resnet20().load_weights(tmp_path / "w", skip_mismatch=True)


def test_axes_of_size_one_do_not_matter(file, tmp_path):
    state = dict(file[2])
    state["module.fc.weight"] = state["module.fc.weight"][:, :, None, None].clone()
    safetensors.torch.save_file(state, tmp_path / "w")
    report = small("torchvision").load_weights(tmp_path / "w")
    assert report.reshaped == {"_layers.predictions.weight": ((7, 512, 1, 1), (7, 512))}
    assert report.fits


def test_a_net_in_their_dialect_is_not_warned_of_their_order(tmp_path):
    x = Input((2, 2, 3))
    net = Model(x, layers.Dense(2, name="fc6")(layers.Flatten()(layers.Permute((3, 1, 2))(x))))
    net.origin = Origin("alexnet_one_tower", "torchvision")
    state = {"classifier.1.weight": torch.rand(2, 12), "classifier.1.bias": torch.zeros(2)}
    safetensors.torch.save_file(state, tmp_path / "w")
    assert net.load_weights(tmp_path / "w").source == "torchvision"
    picture = torch.rand(1, 2, 2, 3)
    wanted = picture.permute(0, 3, 1, 2).flatten(1) @ state["classifier.1.weight"].T
    assert torch.allclose(net(picture), wanted)
