"""Weights go from torchvision's and timm's nets into ours and back, as files; what both say.

    python -m tests.peers.architectures.exchange [word in a name …]

Needs what `make_goldens` needs. Their nets have random weights, which they write themselves: by
torch.save, and timm's by safetensors too. Ours write by `export_weights`, and theirs load it with
strict=True. Prints the largest difference of an output, of the largest output, each way.
"""

import sys
import tempfile
from pathlib import Path

import safetensors.torch
import torch
from tests.architectures.moving import apart, calm, randomise
from tests.peers.architectures.make_goldens import libraries, made
from tests.peers.architectures.peer import CLASSES
from tests.peers.architectures.states import STATES

from striate.architectures import ARCHITECTURES

LIMIT = 1e-4


def turned(x):
    """Pictures with the channel second."""
    return x.permute(0, 3, 1, 2).contiguous()


def our_net(peer):
    """Ours, of random weights."""
    shape = (peer.side_px, peer.side_px, 3)
    build = ARCHITECTURES.get(peer.name)
    return build(shape, CLASSES, classifier_activation=None, dialect=peer.written)


def their_net(peer, torchvision, timm, x):
    """Theirs, of random weights; its moving averages are those of the pictures.

    With random ones the maps of a deep net grow until float32 says nothing any more, as they do
    where the ends of blocks are large.
    """
    net = randomise(made(peer, torchvision, timm))
    for ending in ("bn3", "block.3.1"):
        calm(net, ending)
    norms = [each for each in net.modules() if isinstance(each, torch.nn.BatchNorm2d)]
    net.eval()  # so that nothing is dropped
    for norm in norms:
        norm.train().momentum = 1.0
    with torch.no_grad():
        net(x)
    return net


def said_by(net, x):
    """The logits of a net."""
    with torch.no_grad():
        return net.eval()(x).numpy()


def into_ours(peer, theirs, folder):
    """The differences after ours has loaded each file that theirs wrote."""
    state = {name: tensor.contiguous() for name, tensor in theirs.state_dict().items()}
    torch.save(state, folder / "theirs.pth")
    files = [folder / "theirs.pth"]
    if peer.library == "timm":
        safetensors.torch.save_file(state, folder / "theirs.safetensors")
        files.append(folder / "theirs.safetensors")
    x = torch.from_numpy(peer.pictures())
    wanted = said_by(theirs, turned(x))
    for file in files:
        net = our_net(peer)
        report = net.load_weights(file)
        assert report.fits, report
        assert report.source == peer.library, report.source
        yield apart(said_by(net, x), wanted)


def out_of_ours(peer, theirs, folder):
    """The difference after theirs has loaded the file that ours wrote."""
    net = peer.drawn(our_net(peer))
    path = net.export_weights(folder / "ours.safetensors", to=peer.library)
    theirs.load_state_dict(safetensors.torch.load_file(path), strict=True)
    x = torch.from_numpy(peer.pictures())
    return apart(said_by(theirs, turned(x)), said_by(net, x))


def main(words):
    """Prints a line for every peer whose name holds one of the words."""
    torchvision, timm, _ = libraries()
    failed = []
    for peer in STATES:
        if words and not any(word in str(peer) for word in words):
            continue
        theirs = their_net(peer, torchvision, timm, turned(torch.from_numpy(peer.pictures())))
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            there = max(into_ours(peer, theirs, folder))
            back = out_of_ours(peer, theirs, folder)
        failed += [str(peer)] * (max(there, back) > LIMIT)
        print(f"{peer!s:36} into ours {there:.1e}  out of ours {back:.1e}", flush=True)
    print(f"more than {LIMIT}: {', '.join(failed) or 'none'}")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
