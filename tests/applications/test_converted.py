import json

import pytest
import torch
from safetensors.torch import save_file

from striate.applications.converted import converted_folder, published_state, remove_published
from striate.architectures import resnet20
from striate.errors import WeightsError
from striate.weights.bringing import kept_at
from striate.weights.catalogue import find_published
from tests.architectures.moving import randomise


def make():
    return resnet20(classes=4)


@pytest.fixture
def published(publish, tmp_path):
    """(the state of a net, the record of a file with it)"""
    net = randomise(make())
    state = {name: each.contiguous() for name, each in net.state_dict().items()}
    save_file(state, tmp_path / "w.safetensors")
    return state, publish(tmp_path / "w.safetensors", "resnet20", "paper")


def alike(found, state):
    return set(found) == set(state) and all(torch.equal(found[n], state[n]) for n in state)


def test_it_is_kept_under_its_hash_and_read_again(published, server):
    state, record = published
    folder = converted_folder(record)
    assert record.digest.digits[:16] in folder.name
    assert alike(published_state(record, make), state)
    facts = json.loads((folder / "source.json").read_text(encoding="utf-8"))
    assert facts["place"]["digest"]["digits"] == record.digest.digits
    server.files.clear()
    assert alike(published_state(record, make), state)


def test_a_damaged_copy_is_made_anew(published):
    state, record = published
    published_state(record, make)
    path = converted_folder(record) / "model.safetensors"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    assert alike(published_state(record, make), state)
    assert path.read_bytes() != data


def test_other_weights_of_the_net_have_another_folder():
    names = {
        converted_folder(find_published("resnet50", name, include_top=top)).name
        for name in ("keras/imagenet", "torchvision/imagenet", "imagenet_v2")
        for top in (True, False)
    }
    assert len(names) == 4  # torchvision has no file without the top


def test_a_file_of_another_net_is_kept_nowhere(published):
    _, record = published
    with pytest.raises(WeightsError, match="must hold the weights of"):
        published_state(record, lambda: resnet20(classes=5))
    assert not converted_folder(record).exists()


def test_a_hash_that_only_the_server_knows():
    name = converted_folder(find_published("mobilenet_v2")).name
    assert name.startswith("mobilenet_v2-keras-imagenet-stated")


def test_what_is_removed_is_fetched_again(published, server):
    state, record = published
    published_state(record, make)
    kept = [*converted_folder(record).iterdir(), kept_at(record)]
    size = sum(path.stat().st_size for path in kept)
    assert remove_published(record) == size
    assert not any(path.exists() for path in kept)
    assert remove_published(record) == 0
    assert alike(published_state(record, make), state)
    assert len(server.asked) == 2
