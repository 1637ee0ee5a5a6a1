import dataclasses

import pytest

from striate.errors import ArgumentError
from striate.io.digest import Digest
from striate.records import Preprocess
from striate.weights.records import Hub, PublishedWeights, Web, Wheel

DIGEST = Digest("sha256", "0" * 64)
PREPROCESS = Preprocess(size=224, channels=3)


def record(**changes):
    given = {"place": Web("https://h/a.pth", DIGEST), "licence": "MIT", "preprocess": PREPROCESS}
    return PublishedWeights("resnet18", "imagenet", "timm", "timm", **{**given, **changes})


def test_what_it_says():
    made = record(top1=0.7)
    assert (made.full_name, made.digest) == ("timm/imagenet", DIGEST)
    assert record(place=Hub("timm/x")).digest is None
    assert record(place=Wheel("a_b", "models/w.pth", DIGEST, "lite0")).digest == DIGEST
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.top1 = 1.0


def test_places_in_words():
    assert str(Web("https://h/x/a.pth", None)) == "https://h/x/a.pth"
    assert Web("https://h/x/a.pth", None).file == "a.pth"
    assert str(Hub("timm/x")) == "https://huggingface.co/timm/x/blob/main/model.safetensors"
    assert str(Wheel("a_b", "w.pth", DIGEST, "lite0")) == "package a_b"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"preprocess": Preprocess(size=224)}, "`preprocess` must name size and channels"),
        ({"preprocess": Preprocess(channels=3)}, "`preprocess` must name size and channels"),
        ({"top1": 76.1}, "`top1` must be a part, 0 < x <= 1"),
        ({"top5": 0.0}, "`top5` must be a part"),
        ({"top5": float("nan")}, "`top5` must be a part"),
        ({"labels": "cifar"}, '`labels` must be one of "imagenet"'),
    ],
)
def test_words(changes, words):
    with pytest.raises(ArgumentError, match=f'PublishedWeights "resnet18": {words}'):
        record(**changes)


def test_unknown_source():
    with pytest.raises(ArgumentError, match='`source` must be one of "wheel", "keras"'):
        PublishedWeights(
            "resnet18", "imagenet", "me", "timm", Hub("a/b"), "MIT", preprocess=PREPROCESS
        )
