"""The nets of torchvision and timm that ours are held to."""

from tests.architectures.moving import calm, lift, randomise
from tests.peers.architectures.peer import Peer


def gated(ending):
    """Fills a net so that blocks add little, and no gate is far beyond where it saturates."""
    return lambda net: lift(calm(randomise(net), ending))


def calmed(ending):
    """Fills a net so that float32 is enough for its depth."""
    return lambda net: calm(randomise(net), ending)


def lifted(net):
    """Fills a net with norms whose ReLU lets more pass; see `lift`."""
    return lift(randomise(net))


def much_lifted(net):
    """The same for a deep net without shortcuts."""
    return lift(randomise(net), 1.0)


_PLAIN = {"init_weights": False, "aux_logits": True}
_WHOLE = {"stochastic_depth_prob": 0.0}
_UNDROPPED = {"drop_rate": 0.0}
_FIRM = {"dropout": 0.0}
_SMALL = ("mobilenet_v3_small", "mobilenet_v3_large")

PEERS = (
    Peer("torchvision", "alexnet", "alexnet_one_tower"),
    Peer("torchvision", "convnext_tiny", options=_WHOLE),
    Peer("timm", "convnext_tiny"),
    Peer("timm", "cspresnet50"),
    Peer("timm", "cspresnext50"),
    # In training mode torch's own two memory layouts are 1.6e-4 apart with other weights.
    Peer("timm", "cspdarknet53", drawn=lifted),
    Peer("timm", "darknet53"),
    Peer("torchvision", "densenet121"),
    Peer("timm", "densenet121"),
    Peer(
        "torchvision",
        "efficientnet_b0",
        options=_WHOLE,
        side_px=128,
        drawn=gated("_project_bn"),
    ),
    Peer("timm", "efficientnet_b0", side_px=128, drawn=gated("_project_bn")),
    Peer("timm", "efficientnet_lite0", side_px=128, drawn=gated("_project_bn")),
    Peer("torchvision", "efficientnet_v2_s", options=_WHOLE, drawn=gated("_project_bn")),
    Peer("timm", "tf_efficientnetv2_s", "efficientnet_v2_s", drawn=gated("_project_bn")),
    Peer("torchvision", "googlenet", "googlenet_3x3", options=_PLAIN, side_px=128),
    Peer(
        "torchvision",
        "inception_v3",
        options=_PLAIN,
        side_px=299,
        is_long=True,
        drawn=much_lifted,
    ),
    Peer("timm", "inception_v3", side_px=139, drawn=much_lifted),
    Peer("timm", "mobilenetv1_100", "mobilenet_v1", side_px=128, drawn=lifted),
    Peer("torchvision", "mobilenet_v2", options=_FIRM, side_px=128, drawn=gated("_project_BN")),
    Peer("timm", "mobilenetv2_100", "mobilenet_v2", side_px=128, drawn=gated("_project_BN")),
    *(Peer("torchvision", name, options=_FIRM, drawn=gated("_project_bn")) for name in _SMALL),
    *(
        Peer("timm", f"{name.replace('_v3', 'v3')}_100", name, drawn=gated("_project_bn"))
        for name in _SMALL
    ),
    *(Peer(library, "resnet18") for library in ("torchvision", "timm")),
    *(Peer(library, "resnet50") for library in ("torchvision", "timm")),
    Peer("timm", "resnetv2_50", "resnet50_v2", drawn=calmed("_3_conv")),
    *(
        Peer(library, "resnext50_32x4d", drawn=calmed("_3_bn"))
        for library in ("torchvision", "timm")
    ),
    Peer("timm", "seresnet18", "se_resnet18", drawn=calmed("_3_bn")),
    Peer("timm", "seresnet50", "se_resnet50", drawn=calmed("_3_bn")),
    Peer(
        "timm",
        "legacy_seresnet50",
        "se_resnet50",
        dialect="paper",
        options=_UNDROPPED,
        drawn=calmed("_3_bn"),
    ),
    Peer(
        "timm",
        "legacy_seresnext50_32x4d",
        "se_resnext50_32x4d",
        dialect="paper",
        options=_UNDROPPED,
        drawn=calmed("_3_bn"),
    ),
    Peer(
        "timm",
        "legacy_senet154",
        "senet154",
        dialect="paper",
        options=_UNDROPPED,
        drawn=calmed("_3_bn"),
        is_long=True,
    ),
    Peer("torchvision", "squeezenet1_0", "squeezenet"),
    Peer("torchvision", "squeezenet1_1", "squeezenet_1_1"),
    Peer("torchvision", "vgg11", is_long=True),
    Peer("torchvision", "vgg16_bn", is_long=True),
    Peer("timm", "legacy_xception", "xception", side_px=96),
)
