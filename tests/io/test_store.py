import json
import os
import random
import shutil

import numpy as np
import pytest
import torch

from striate.errors import ArgumentError, WeightsError
from striate.io.manifest import manifest_text
from striate.io.store import MANIFEST, read_folder, write_folder

FILES = {
    "model.safetensors": {
        "conv.weight": torch.arange(2 * 3 * 2 * 2.0)
        .reshape(2, 3, 2, 2)
        .contiguous(memory_format=torch.channels_last),
        "conv.bias": torch.tensor([1.0, -2.0]),
    },
    "model.json": b'{"layers": []}',
    "empty.txt": b"",
}
OTHER = {"model.json": b"other", "w": {"x": np.ones(3)}}


def same(found, files):
    if set(found) != set(files):
        return False
    for name, value in files.items():
        if isinstance(value, bytes):
            if found[name] != value:
                return False
        elif any(not torch.equal(found[name][k], torch.as_tensor(v)) for k, v in value.items()):
            return False
    return True


def names(folder):
    return sorted(p.name for p in folder.iterdir())


def test_round_trip(tmp_path):
    path = write_folder(tmp_path / "a" / "b" / "net", FILES)
    assert path == tmp_path / "a" / "b" / "net"
    assert names(path) == ["empty.txt", MANIFEST, "model.json", "model.safetensors"]
    assert names(path.parent) == ["net"]
    found = read_folder(path)
    assert same(found, FILES)
    weight = found["model.safetensors"]["conv.weight"]
    assert weight.is_contiguous(memory_format=torch.channels_last)
    assert not weight.is_contiguous()


def test_same_contents_same_bytes(tmp_path):
    for name in ("a", "b"):
        write_folder(tmp_path / name, FILES)
    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()


def test_manifest_says_size_hash_and_memory_format(tmp_path):
    write_folder(tmp_path / "net", FILES)
    body = json.loads((tmp_path / "net" / MANIFEST).read_text())
    assert body["striate_folder"] == 1
    entry = body["files"]["model.safetensors"]
    assert entry["bytes"] == (tmp_path / "net" / "model.safetensors").stat().st_size
    assert entry["tensors"] == {"conv.weight": "channels_last", "conv.bias": "contiguous"}
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert body["files"]["empty.txt"] == {"bytes": 0, "sha256": empty}


def test_only_the_wanted_files_are_opened(tmp_path):
    write_folder(tmp_path / "net", FILES)
    (tmp_path / "net" / "model.safetensors").write_bytes(b"damaged")
    (tmp_path / "net" / "extra").write_bytes(b"not ours")
    assert read_folder(tmp_path / "net", ["model.json"]) == {"model.json": FILES["model.json"]}
    with pytest.raises(WeightsError, match=r"must hold extra\. Got only empty\.txt, model"):
        read_folder(tmp_path / "net", ["extra"])


def test_replacing_is_asked_for_and_only_for_our_folders(tmp_path):
    write_folder(tmp_path / "net", FILES)
    with pytest.raises(WeightsError, match=r'Folder ".*net": must not stand yet\.'):
        write_folder(tmp_path / "net", OTHER)
    assert same(read_folder(tmp_path / "net"), FILES)
    write_folder(tmp_path / "net", OTHER, replace=True)
    assert same(read_folder(tmp_path / "net"), OTHER)
    assert names(tmp_path) == ["net"]
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_bytes(b"cat")
    (tmp_path / "link").symlink_to(tmp_path / "net")
    (tmp_path / "file").write_bytes(b"x")
    for name in ("photos", "link", "file"):
        with pytest.raises(WeightsError, match="must be empty or written by striate to be repl"):
            write_folder(tmp_path / name, OTHER, replace=True)
    assert (tmp_path / "photos" / "cat.jpg").read_bytes() == b"cat"


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".hidden", MANIFEST, "a\0", "x" * 101])
def test_names_are_plain(tmp_path, name):
    with pytest.raises(ArgumentError, match="`files` must have plain names"):
        write_folder(tmp_path / "net", {name: b""})
    assert names(tmp_path) == []


# --- damage ---------------------------------------------------------------------------------


def test_every_bit_flip_in_every_file_is_found(tmp_path):
    net = write_folder(tmp_path / "net", FILES)
    draw, flips = random.Random(3), 0
    for file in net.iterdir():
        good = file.read_bytes()
        places = range(len(good))
        for at in places:
            bad = bytearray(good)
            bad[at] ^= 1 << draw.randrange(8)
            file.write_bytes(bad)
            with pytest.raises(WeightsError, match=r'^Folder ".*": must '):
                read_folder(net)
            flips += 1
        file.write_bytes(good)
    assert flips > 700
    assert same(read_folder(net), FILES)


@pytest.mark.parametrize("name", ["model.safetensors", "model.json", MANIFEST])
def test_missing_short_and_long_files_are_found(tmp_path, name):
    file = write_folder(tmp_path / "net", FILES) / name
    good = file.read_bytes()
    for bad in (good[:-1], good + b"\0", b"", good[::-1]):
        file.write_bytes(bad)
        with pytest.raises(WeightsError, match=r"as its manifest describes|as striate wrote it"):
            read_folder(tmp_path / "net")
    file.unlink()
    with pytest.raises(WeightsError, match=f"must hold {name} as a regular file, not a link. Got"):
        read_folder(tmp_path / "net")


@pytest.mark.parametrize("name", ["model.safetensors", "model.json", MANIFEST])
def test_links_folders_and_pipes_are_refused(tmp_path, name):
    net = write_folder(tmp_path / "net", FILES)
    file, copy = net / name, tmp_path / "copy"
    shutil.copy(file, copy)
    for make in (lambda: file.symlink_to(copy), file.mkdir, lambda: os.mkfifo(file)):
        file.unlink()
        make()
        with pytest.raises(WeightsError, match=f"must hold {name} as a regular file, not a link"):
            read_folder(net)
        if file.is_dir():
            file.rmdir()
            file.touch()


def test_missing_folder_and_newer_version(tmp_path):
    with pytest.raises(WeightsError, match=r"must hold manifest\.json .* No such file"):
        read_folder(tmp_path / "none")
    net = write_folder(tmp_path / "net", FILES)
    body = json.loads((net / MANIFEST).read_text())
    body["striate_folder"] = 2
    (net / MANIFEST).write_text(json.dumps(body))
    with pytest.raises(WeightsError, match=r"must have version 1 at most\. Got version 2\. Update"):
        read_folder(net)


def forged(net, change):
    """A manifest whose own hash is right and whose contents lie."""
    body = json.loads((net / MANIFEST).read_text())["files"]
    change(body)
    (net / MANIFEST).write_bytes(manifest_text(body))


@pytest.mark.parametrize(
    "change",
    [
        lambda files: files.update({"../outside": dict(files["model.json"])}),
        lambda files: files.update({"/etc/passwd": dict(files["model.json"])}),
        lambda files: files["model.json"].update(bytes=10**18),
        lambda files: files["model.json"].update(bytes=-5),
        lambda files: files["model.json"].update(bytes="many"),
        lambda files: files["model.json"].update(tensors={"x": "contiguous"}),
        lambda files: files["model.safetensors"].update(tensors=[]),
        lambda files: files["model.safetensors"]["tensors"].update({"conv.bias": "rows"}),
        lambda files: files["model.safetensors"]["tensors"].update({"conv.bias": "channels_last"}),
        lambda files: files.update({"model.json": None}),
        lambda files: files.update({"model.json": 3}),
    ],
)
def test_forged_manifests_are_refused(tmp_path, change):
    net = write_folder(tmp_path / "net", FILES)
    forged(net, change)
    with pytest.raises(WeightsError, match="as its manifest describes it"):
        read_folder(net)


def test_manifests_of_other_kinds_are_refused(tmp_path):
    net = write_folder(tmp_path / "net", FILES)
    for text in (
        "",
        "[]",
        "[" * 100_000,
        "{}",
        "null",
        '{"striate_folder": 1, "files": {}}',
        "\xff",
    ):
        (net / MANIFEST).write_bytes(text.encode("latin1"))
        with pytest.raises(WeightsError, match=r"must hold a manifest\.json as striate wrote it"):
            read_folder(net)


def test_manifest_of_any_depth_is_one_sentence(tmp_path):
    """Reading and writing JSON give up at different depths; between them is a gap."""
    net = write_folder(tmp_path / "net", FILES)
    for depth in (*range(900, 1010), 3_000):
        nested = "[" * depth + "]" * depth
        (net / MANIFEST).write_text(f'{{"striate_folder": 1, "files": {{"a": {nested}}}}}')
        with pytest.raises(WeightsError, match=r"must hold a manifest\.json as striate wrote it"):
            read_folder(net)


def test_root_of_the_disk_is_no_folder_of_ours():
    with pytest.raises(WeightsError, match=r'^Folder "/": must hold manifest\.json'):
        read_folder("/")
    with pytest.raises(WeightsError, match=r'^Folder "/": must not stand yet'):
        write_folder("/", FILES)


# --- crashes --------------------------------------------------------------------------------


class Crash(BaseException):
    """The process ends here: nothing of ours may clean up behind it."""


def calls_that_change_the_disk(monkeypatch, act):
    """Counts the calls that write; `act(number)` may stop any of them."""
    count = [0]

    def wrap(module, name):
        real = getattr(module, name)

        def call(*arguments, **options):
            count[0] += 1
            act(count[0])
            return real(*arguments, **options)

        monkeypatch.setattr(module, name, call)

    for name in ("fsync", "rename", "mkdir"):
        wrap(os, name)
    wrap(shutil, "rmtree")
    return count


@pytest.mark.parametrize("standing", [False, True])
def test_crash_at_any_point_leaves_the_old_or_the_new_one(tmp_path, monkeypatch, standing):
    """Each call that changes the disk is the last one, once; then no call works any more."""
    stop, states = 1, []
    while True:
        folder = tmp_path / f"{stop}"
        folder.mkdir()
        if standing:
            write_folder(folder / "net", FILES)
        with monkeypatch.context() as patch:

            def act(number, stop=stop):
                if number >= stop:
                    raise Crash

            count = calls_that_change_the_disk(patch, act)
            try:
                write_folder(folder / "net", OTHER, replace=True)
            except Crash:
                done = False
            else:
                done = True
        try:
            found = read_folder(folder / "net")
        except WeightsError:
            assert not standing
            states.append("none")
        else:
            assert same(found, FILES if same(found, FILES) else OTHER)
            assert standing or same(found, OTHER)
            states.append("old" if same(found, FILES) else "new")
        write_folder(folder / "net", FILES, replace=True)  # what is left is no obstacle
        assert names(folder) == ["net"]
        assert same(read_folder(folder / "net"), FILES)
        if done:
            break
        stop += 1
    assert count[0] == stop - 1
    assert stop > 6
    assert states == sorted(states, reverse=True)  # first none or old, then new
    assert states[-1] == "new"


@pytest.mark.parametrize("name", ["fsync", "rename", "mkdir"])
@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 6])
def test_full_disk_is_one_sentence_and_the_old_one_stands(tmp_path, monkeypatch, name, number):
    write_folder(tmp_path / "net", FILES)
    real, count = getattr(os, name), [0]

    def call(*arguments, **options):
        count[0] += 1
        if count[0] == number:
            raise OSError(28, "No space left on device")
        return real(*arguments, **options)

    monkeypatch.setattr(os, name, call)
    try:
        write_folder(tmp_path / "net", OTHER, replace=True)
    except WeightsError as error:
        failure = str(error)
    else:
        failure = ""
    monkeypatch.undo()
    assert bool(failure) == (count[0] >= number)
    if failure:
        assert "room for" in failure
        assert "Got No space left on device. Free space" in failure
        swapped = name == "fsync" and number == len(OTHER) + 3  # of the parent, after the swap
        assert same(read_folder(tmp_path / "net"), OTHER if swapped else FILES)
        assert names(tmp_path) == ([".net.old", "net"] if swapped else ["net"])


def test_read_only_place_is_one_sentence(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(WeightsError, match="must be writable and have room for"):
        write_folder(tmp_path / "file" / "net", FILES)
    with pytest.raises(WeightsError, match="must be writable and have room for"):
        write_folder("/proc/striate/net", FILES)
