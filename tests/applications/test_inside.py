import pytest
import torch

from striate.applications.inside import inside
from striate.architectures import ARCHITECTURES
from striate.errors import ArgumentError
from striate.models import Input, Model

MEAN = torch.tensor([0.485, 0.456, 0.406])
DEVIATION = torch.tensor([0.229, 0.224, 0.225])


@pytest.mark.parametrize(
    ("architecture", "wanted"),
    [
        ("mobilenet_v3_large", lambda x: x / 127.5 - 1),
        ("mobilenet_v3_small", lambda x: x / 127.5 - 1),
        ("efficientnet_v2_s", lambda x: x / 128 - 1),
        ("convnext_tiny", lambda x: (x / 255 - MEAN) / DEVIATION),
        ("efficientnet_b3", lambda x: x / DEVIATION.sqrt()),
    ],
)
def test_what_is_done_to_pixels(architecture, wanted, close):
    picture = Input((4, 4, 3))
    x = torch.randint(0, 256, (2, 4, 4, 3), dtype=torch.uint8)
    close(Model(picture, inside(architecture)(picture))(x), wanted(x.float()), 1e-6)


def test_other_nets_begin_with_their_stem():
    begun = {name for name in ARCHITECTURES if inside(name) is not None}
    assert begun == {name for name in ARCHITECTURES if ARCHITECTURES.get(name).takes_preprocessing}
    assert inside("efficientnet_b0", trained=False) is None
    assert inside("convnext_tiny", trained=False) is not None


def test_no_other_net_takes_such_layers():
    with pytest.raises(ArgumentError, match="resnet18: `preprocessing` must be None for this net"):
        ARCHITECTURES.get("resnet18")(preprocessing=inside("convnext_tiny"))


def test_lite0_is_no_efficientnet_of_keras():
    assert inside("efficientnet_lite0") is None
