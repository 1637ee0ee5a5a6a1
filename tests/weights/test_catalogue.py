import collections

import pytest

from striate.architectures import ARCHITECTURES
from striate.errors import ArgumentError
from striate.io.transfer import allowed
from striate.weights.catalogue import find_published, published_weights
from striate.weights.names import NAME_MAPS
from striate.weights.records import Hub, Web

RECORDS = published_weights()


def test_every_record_is_of_a_net_that_there_is_in_a_dialect_that_it_has():
    for each in RECORDS:
        architecture = ARCHITECTURES.get(each.architecture)
        assert each.dialect in {dialect.name for dialect in architecture.dialects}, each
        assert min(each.preprocess.size) >= architecture.least_px
        assert each.licence
        assert each.recipe.startswith("https://")


def test_names_of_every_source_are_known():
    """A file can only be loaded where the names in it are known."""
    for each in RECORDS:
        dialects = {known.dialect for known in NAME_MAPS.get(each.architecture, ())}
        assert each.dialect in dialects, each.full_name


def test_full_names_are_unique():
    counts = collections.Counter((r.architecture, r.full_name, r.include_top) for r in RECORDS)
    assert set(counts.values()) == {1}


def test_addresses_are_https_and_hashes_are_there():
    without = set()
    for each in RECORDS:
        if isinstance(each.place, Web):
            assert allowed(each.place.url)
            assert each.place.url.startswith("https://")
            if each.place.digest is None:
                without.add(each.architecture)
        elif isinstance(each.place, Hub):
            assert each.place.file.endswith(".safetensors")
    assert without == {
        *(f"mobilenet_v1{width}" for width in ("", "_075", "_050", "_025")),
        "mobilenet_v2",
    }


def test_digits_of_torch_files_are_those_of_their_names():
    for each in RECORDS:
        if each.source in ("torchvision", "timm") and isinstance(each.place, Web):
            assert each.place.file.endswith(f"-{each.place.digest.digits}.pth")


def test_the_first_source_is_meant_and_any_can_be_named():
    assert find_published("efficientnet_lite0").source == "wheel"
    assert find_published("resnet50").full_name == "keras/imagenet"
    assert find_published("resnet50", "torchvision/imagenet").full_name == "torchvision/imagenet"
    assert find_published("resnet50", "imagenet_v2").source == "torchvision"
    assert find_published("resnet18").source == "torchvision"


def test_a_file_without_the_classifier_is_taken_where_there_is_one():
    assert not find_published("resnet50", include_top=False).include_top
    assert find_published("resnet50", "torchvision/imagenet", include_top=False).include_top


def test_words():
    with pytest.raises(ArgumentError) as caught:
        find_published("lenet5", place="here")
    assert str(caught.value).startswith(
        "here: `weights` must be known for lenet5. Got weights='imagenet'. Nearest with published "
    )
    words = (
        "`weights` must name published weights of resnet18, or an existing file. "
        "Got weights='imagnet'. There are torchvision/imagenet, timm/imagenet_a1."
    )
    with pytest.raises(ArgumentError, match=words):
        find_published("resnet18", "imagnet")
