"""Asks torchvision and timm what their nets say with our weights, and what weights are called.

    python -m tests.peers.architectures.make_goldens [word in a name …]

Needs an environment that has both. torchvision's compiled part may be missing: the operators that
it asks for at its import are defined here, and none of them is used.
"""

import json
import sys

import numpy as np
import torch
from tests.peers.architectures.peer import CLASSES, GOLDENS, Peer, summed
from tests.peers.architectures.peers import PEERS
from tests.peers.architectures.states import FILE, STATES, digest


def libraries():
    """torchvision and timm, imported."""
    here = torch.library.Library("torchvision", "DEF")
    for name in ("nms", "qnms"):
        here.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    import timm
    import torchvision

    return torchvision, timm, here


def made(peer: Peer, torchvision, timm, *, classes=CLASSES):
    """The peer's net, of random weights."""
    if peer.library == "timm":
        return timm.create_model(peer.theirs, num_classes=classes, **peer.options)
    build = getattr(torchvision.models, peer.theirs)
    return build(weights=None, num_classes=classes, **peer.options)


def asked(peer: Peer, torchvision, timm):
    """The answers of the peer's net with our weights."""
    theirs = made(peer, torchvision, timm)
    theirs.load_state_dict(peer.their_state())
    x = torch.from_numpy(peer.pictures()).permute(0, 3, 1, 2).contiguous()
    for module in theirs.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    theirs.to(x.dtype)
    with torch.no_grad():
        said, trained = theirs.eval()(x), joined(theirs.train()(x))
    running = {k: v.numpy() for k, v in theirs.state_dict().items() if "running" in k}
    version = {"torchvision": torchvision, "timm": timm}[peer.library].__version__
    return {"version": version, **summed(np.asarray(said), np.asarray(trained), running)}


def joined(outputs):
    """The logits; where there are auxiliary ones too, those beside them by their numbers."""
    if isinstance(outputs, torch.Tensor):
        return outputs
    named = outputs._asdict()
    return torch.cat([named.pop("logits"), *(named[key] for key in sorted(named))], dim=1)


def main(words):
    """Writes a file for every peer whose name holds one of the words, and one of all names."""
    torchvision, timm, _ = libraries()
    GOLDENS.mkdir(exist_ok=True)
    for peer in PEERS:
        if not words or any(word in str(peer) for word in words):
            record = asked(peer, torchvision, timm)
            text = json.dumps(record, indent=1)
            (GOLDENS / f"{peer}.json").write_text(text + "\n", encoding="utf-8")
            print(peer, "written")
    with torch.device("meta"):
        nets = {str(peer): made(peer, torchvision, timm, classes=1000) for peer in STATES}
    digests = {name: digest(net.state_dict()) for name, net in sorted(nets.items())}
    FILE.write_text(json.dumps(digests, indent=1) + "\n", encoding="utf-8")
    print(FILE.name, "written")


if __name__ == "__main__":
    main(sys.argv[1:])
