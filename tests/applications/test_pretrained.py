import hashlib

import pytest
import torch
from safetensors.torch import save_file

from striate.applications import pretrained
from striate.architectures import lenet5_modern, mobilenet_v3_small, vgg16
from striate.errors import ArgumentError, DataError, WeightsError
from striate.io.digest import Digest
from striate.models.weight_export import export_weights
from striate.records import Preprocess
from striate.weights.catalogue import find_published
from striate.weights.records import PublishedWeights, Web
from tests.architectures.moving import randomise

NAME = "mobilenet_v3_small"


def trained(build=mobilenet_v3_small, side=64, classes=1000, **options):
    """A net whose weights somebody has trained, as far as a test can tell."""
    return randomise(build((side, side, 3), classes, dialect="torchvision", **options)).eval()


@pytest.fixture
def small(publish, tmp_path):
    """(the net, the record of its weights as torchvision calls them)"""
    net = trained(side=None)
    export_weights(net, tmp_path / "small.safetensors", to="torchvision")
    return net, publish(tmp_path / "small.safetensors", NAME, "torchvision")


def test_published_weights_are_fetched_loaded_and_kept(small, server, close):
    net, record = small
    x = torch.rand(2, 64, 64, 3)
    found = pretrained(NAME, record)
    assert found.record is record
    assert found.net.origin == net.origin
    close(found.net(x), net(x))
    server.files.clear()
    close(pretrained(NAME, record).net(x), net(x))  # from the cache
    assert len(server.asked) == 1


def test_without_its_top_any_size_is_taken(small, close):
    net, record = small
    base = pretrained(NAME, record, include_top=False, pooling="avg").net
    assert base.input.shape == (None, None, None, 3)
    x = torch.rand(1, 96, 64, 3)
    close(base(x), net.features("stage6")(x)["stage6"].mean(dim=(1, 2)))


def test_logits_name_and_size(small, close):
    net, record = small
    options = {"classifier_activation": None, "name": "mine", "input_shape": (80, 48, 3)}
    found = pretrained(NAME, record, **options).net
    assert (found.name, found.input.shape) == ("mine", (None, 80, 48, 3))
    x = torch.rand(1, 80, 48, 3)
    close(found(x).softmax(-1), net(x), 1e-4)


def test_grey_pictures_get_the_sum_of_the_kernels(small, close):
    net, record = small
    x = torch.rand(2, 64, 64, 1)
    grey = pretrained(NAME, record, input_shape=(64, 64, 1)).net
    assert grey.input.shape == (None, 64, 64, 1)
    close(grey(x), net(x.expand(-1, -1, -1, 3)), 1e-4)


def test_random_weights_are_new_each_time():
    one, two = (pretrained(NAME, None, classes=3) for _ in range(2))
    assert one.record is None
    assert one.net.output.shape == (None, 3)
    assert not torch.equal(one.net.get_layer("conv").weight, two.net.get_layer("conv").weight)


def test_a_file_of_the_users_in_the_dialect_of_its_names(tmp_path, close):
    net = trained(mobilenet_v3_small, classes=5)
    export_weights(net, tmp_path / "w.safetensors", to="torchvision")
    shape = (64, 64, 3)
    found = pretrained(NAME, tmp_path / "w.safetensors", classes=5, input_shape=shape)
    assert found.net.origin.dialect == "torchvision"
    x = torch.rand(1, *shape)
    close(found.net(x), net(x))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"classes": 10}, "`classes` must be 1000, the classes of torchvision/imagenet, w"),
        ({"classifier_activation": "relu"}, '`classifier_activation` must be "softmax" or None'),
        ({"dialect": "keras", "weights": "torchvision/imagenet"}, '`dialect` must be "torchvisi'),
        ({"weights": "imagnet"}, "`weights` must name published weights of resnet18"),
        ({"include_top": 1}, "`include_top` must be True or False"),
        ({"architecture": "resnet81"}, "`architecture` must name a known architecture"),
        ({"architecture": "lenet5", "weights": "imagenet"}, "`weights` must be known for lenet5"),
        ({"architecture": "resnet34"}, "`weights` must be of the architecture resnet34"),
    ],
)
def test_words(options, words):
    record = find_published("resnet18")
    given = {"architecture": "resnet18", "weights": record, **options}
    with pytest.raises(ArgumentError, match=words):
        pretrained(given.pop("architecture"), given.pop("weights"), **given)


def test_dense_layers_on_a_map_have_one_size(publish, tmp_path):
    net = trained(vgg16, 32, include_top=False)
    export_weights(net, tmp_path / "w.safetensors", to="torchvision")
    record = publish(tmp_path / "w.safetensors", "vgg16", "torchvision", include_top=False)
    base = pretrained("vgg16", record, include_top=False).net
    assert torch.equal(base.layers[1].weight, net.layers[1].weight)
    with pytest.raises(ArgumentError, match="`include_top` must be False, as timm/imagenet has no"):
        pretrained("vgg16", record, input_shape=(32, 32, 3))


def test_a_top_with_dense_layers_on_a_map_has_one_size_and_grey_nets_one_channel(
    server, tmp_path, close
):
    net = randomise(lenet5_modern((32, 32, 1), 1000))
    state = {name: each.contiguous() for name, each in net.state_dict().items()}
    save_file(state, tmp_path / "w.safetensors")
    server.files["/w"] = (tmp_path / "w.safetensors").read_bytes()
    digest = Digest("sha256", hashlib.sha256(server.files["/w"]).hexdigest())
    record = PublishedWeights(
        "lenet5_modern",
        "imagenet",
        "timm",
        "paper",
        Web(f"{server.url}/w", digest),
        "MIT",
        Preprocess(size=32, channels=1),
    )
    x = torch.rand(1, 32, 32, 1)
    close(pretrained("lenet5_modern", record).net(x), net(x))
    words = (
        r"`input_shape` must be \(32, 32, 1\) where the top of timm/imagenet is included\. "
        r"Got input_shape=\(40, 40, 1\)\. Or take include_top=False\."
    )
    with pytest.raises(ArgumentError, match=words):
        pretrained("lenet5_modern", record, input_shape=(40, 40, 1))


def test_a_wrong_file_leaves_nothing_in_the_cache(publish, tmp_path):
    save_file({"a": torch.ones(2)}, tmp_path / "wrong.safetensors")
    record = publish(tmp_path / "wrong.safetensors", NAME, "torchvision")
    for _ in range(2):
        with pytest.raises(WeightsError, match='must hold the weights of MobileNetV3 "mo'):
            pretrained(NAME, record)


def test_offline(small, monkeypatch):
    monkeypatch.setenv("STRIATE_OFFLINE", "1")
    with pytest.raises(DataError, match="must be allowed to use the network"):
        pretrained(NAME, small[1])
