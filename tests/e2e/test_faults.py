"""Faults in data, disk, memory and numbers: each ends with its sentence and its exit code.

Every command runs in a process of its own, forked from one that has imported striate. The folder
of pictures is the same before and after, byte for byte.
"""

import hashlib
import json
import os
import shutil
import stat
import struct
import subprocess
import sys
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.e2e import faults

ROOT = Path(__file__).resolve().parents[2]
COLOURS = {"blue": (0, 0, 200), "green": (0, 180, 0), "red": (200, 0, 0)}
QUICK = ("--epochs", 2, "--batch-size", 8, "--lr", 0.01)

pytestmark = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs Linux")


@dataclass
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def last(self):
        return (self.err.strip().splitlines() or [""])[-1]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("faults")


@pytest.fixture(scope="module")
def server(place):
    kept = {k: v for k, v in os.environ.items() if not k.startswith("STRIATE_")}
    own = {"PYTHONPATH": str(ROOT / "src"), "STRIATE_OFFLINE": "1", "STRIATE_THREADS": "1"}
    own |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MPLBACKEND": "Agg"}
    own["STRIATE_CACHE"] = str(place / "cache")
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("fork_server.py"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**kept, **own},
    )
    with process:
        yield process
        process.stdin.close()


@pytest.fixture
def striate(server, place):
    """striate(*words, fault=(name, *arguments), VARIABLE=...): how the command ended."""

    def call(*words, fault=("",), seconds=60, **variables):
        words = [str(word) for word in words]
        name, *given = fault
        given = [str(each) if isinstance(each, Path) else each for each in given]
        request = {"words": words, "cwd": str(place), "env": variables, "seconds": seconds}
        server.stdin.write(json.dumps({**request, "fault": name, "given": given}) + "\n")
        server.stdin.flush()
        return Ended(**json.loads(server.stdout.readline()))

    return call


def pictures(folder, count=8):
    """Class folders of noise around three colours."""
    for name, colour in COLOURS.items():
        (folder / name).mkdir(parents=True)
        for number in range(count):
            noise = np.random.default_rng([number, *colour]).integers(0, 50, (18, 16, 3))
            pixels = (np.array(colour) + noise).astype(np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{number}.png")
    return folder


@pytest.fixture(scope="module")
def originals(place):
    return pictures(place / "originals")


@pytest.fixture
def pets(originals, place, request):
    """A folder of pictures of the test's own, which must be the same afterwards."""
    name = "".join(c if c.isalnum() else "-" for c in request.node.name)[:60]
    return Path(shutil.copytree(originals, place / "data" / name))


def digest(folder):
    """Every name below a folder with rights, time and content."""
    found = {}
    for path in sorted(folder.rglob("*")):
        state = path.lstat()
        content = b""
        if stat.S_ISREG(state.st_mode):
            content = hashlib.sha256(path.read_bytes()).digest()
        found[str(path)] = (state.st_mode, state.st_mtime_ns, content)
    return found


def ends(done, code, *words):
    """The command ended with this code, and what it said has these words."""
    assert done.code == code, done.err
    for each in words:
        assert each in done.err
    assert "an error in striate" not in done.err or code == 1
    assert "Traceback" not in done.err


# The data, before anything is trained


def cut(path):
    path.write_bytes(path.read_bytes()[:-60])


def header_of_a_bomb(path):
    data = path.read_bytes()
    head = b"IHDR" + struct.pack(">II", 60_000, 60_000) + data[24:29]
    path.write_bytes(data[:12] + head + struct.pack(">I", zlib.crc32(head)) + data[33:])


def table(pets, rows):
    (pets / "labels.csv").write_text("file,label\n" + "".join(f"{row}\n" for row in rows))
    return pets / "labels.csv"


def good_rows(pets):
    return [f"{path.relative_to(pets)},{path.parent.name}" for path in sorted(pets.rglob("*.png"))]


def archive(pets, name, *, slip=False):
    with zipfile.ZipFile(pets / name, "w") as file:
        for path in sorted(pets.rglob("*.png")):
            file.write(path, f"{'../' if slip else ''}{path.relative_to(pets)}")
    return pets / name


def broken_archive(pets):
    path = archive(pets, "pets.zip")
    path.write_bytes(path.read_bytes()[:3000])
    return path


DATA = {
    "no such folder": (lambda p: p / "none", 3, "must be"),
    "no such name": (lambda p: "petz", 3, 'Data "petz": must be a folder, table or archive'),
    "an empty folder": (lambda p: (p / "new").mkdir() or p / "new", 3, "Got 0 pictures"),
    "one class": (
        lambda p: shutil.rmtree(p / "red") or shutil.rmtree(p / "blue") or p,
        3,
        "and 1 folders",
    ),
    "an empty class": (lambda p: (p / "x").mkdir() or p, 3, 'Got none in "x". Put pictures in'),
    "a class of one picture each": (
        lambda p: [f.unlink() for f in p.rglob("*.png") if f.stem != "1"] and p,
        3,
        "must",
    ),
    "a torn picture": (lambda p: cut(p / "red/3.png") or p, 3, "Got 1 of 24 that cannot be read"),
    "text for a picture": (
        lambda p: (p / "red/3.png").write_text("no") and p,
        3,
        "a file that begins with b'no'",
    ),
    "no bytes": (lambda p: (p / "red/3.png").write_bytes(b"") or p, 3, "red/3.png"),
    "a bomb": (lambda p: header_of_a_bomb(p / "red/3.png") or p, 3, "at most 178,956,970 pixels"),
    "a table of what is not there": (
        lambda p: table(p, [*good_rows(p), "red/99.png,red"]),
        3,
        "red/99.png",
    ),
    "a table without labels": (lambda p: table(p, [r.split(",")[0] for r in good_rows(p)]), 3, ""),
    "a table of one label": (lambda p: table(p, [f"{r[:-1]}x" for r in good_rows(p)][:8]), 3, ""),
    "a cut archive": (broken_archive, 3, "pets.zip"),
    "an archive that climbs out": (lambda p: archive(p, "up.zip", slip=True), 3, "up.zip"),
}


@pytest.mark.parametrize("name", DATA)
def test_data_that_cannot_be_used(striate, pets, name):
    spoil, code, words = DATA[name]
    data = spoil(pets)
    before = digest(pets)
    ends(striate("train", data, *QUICK), code, words)
    assert digest(pets) == before


def test_what_is_no_file_is_left_out_and_said(striate, pets):
    os.mkfifo(pets / "red" / "pipe.png")
    (pets / "red" / "gone.png").symlink_to("nothing")
    before = digest(pets)
    done = striate("train", pets, *QUICK)
    assert done.code == 0, done.err
    assert 'red/pipe.png": no regular file.' in done.err
    assert 'red/gone.png": a broken link.' in done.err
    assert digest(pets) == before


RIGHTS = {
    "a picture": ("red/3.png", "red/3.png", "Permission denied"),
    "a class folder": ("red", "red", "Permission denied"),
    "the folder": (".", "", "Permission denied"),
}


@pytest.mark.parametrize("name", RIGHTS)
def test_data_that_may_not_be_read(striate, pets, name):
    inside, *words = RIGHTS[name]
    before = digest(pets)
    mode = (pets / inside).stat().st_mode
    (pets / inside).chmod(0)
    try:
        ends(striate("train", pets, *QUICK, fault=("powerless",)), 3, *words)
    finally:
        (pets / inside).chmod(mode)
    assert digest(pets) == before


# Settings


SETTINGS = {
    "a rate that is no number": (("--lr", "nan"), 2, "`learning_rate` must be a number above 0"),
    "no epochs": (("--epochs", 0), 2, "`epochs` must be a whole number of at least 1"),
    "what is done on divergence": (("--on-diverge", "retry"), 2, "`on_diverge` must be"),
    "what is done without memory": (("--on-oom", "half"), 2, "`on_oom` must be one of"),
    "an unknown setting": (("--set", "epocs=3"), 2, "Nearest: epochs"),
    "no such config": (("--config", "none.toml"), 3, 'Settings "none.toml"'),
    "a folder as config": (("--config", "."), 3, 'Settings "."'),
    "a run that is not there": (("--resume", "runs/none"), 3, "runs/none"),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_settings_that_cannot_be_used(striate, pets, name):
    words, code, sentence = SETTINGS[name]
    before = digest(pets)
    ends(striate("train", pets, *words), code, sentence)
    assert digest(pets) == before


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("epochs = = 3", 3, "must be TOML"),
        ("epochs = 'many'", 2, "epochs"),
        ("epochs = 3\nepocs = 4", 2, "epocs"),
    ],
)
def test_a_config_that_is_damaged(striate, pets, place, text, code, words):
    (place / "bad.toml").write_text(text)
    ends(striate("train", pets, "--config", "bad.toml"), code, words)


def test_a_cache_size_that_is_no_number(striate, pets):
    done = striate("train", pets, *QUICK, STRIATE_CACHE_GIB="much")
    ends(done, 2, "`STRIATE_CACHE_GIB` must be a number")


# Disks


needs_disks = pytest.mark.skipif(not faults.can_mount(), reason="may not mount disks")


def test_runs_that_are_a_file(striate, pets, place):
    (place / "file").write_text("mine")
    done = striate("train", pets, *QUICK, "--runs", "file")
    ends(done, 3, "must take a new run folder", "Name another folder for the runs.")
    assert (place / "file").read_text() == "mine"


def test_runs_that_may_not_be_written(striate, pets, place):
    (place / "locked").mkdir(mode=0o555)
    done = striate("train", pets, *QUICK, "--runs", "locked", fault=("powerless",))
    ends(done, 3, "must take a new run folder. Got Permission denied")


@needs_disks
def test_runs_on_a_disk_that_is_read_only(striate, pets, place):
    done = striate("train", pets, *QUICK, "--runs", "ro", fault=("read_only", place / "ro"))
    ends(done, 3, "must take a new run folder. Got Read-only file system")


@needs_disks
@pytest.mark.parametrize(
    ("kib", "code", "words"),
    [
        (8, 3, "No space left on device"),
        (300, 4, "bytes free on its disk. Got"),
        (4000, 4, "bytes free on its disk. Got"),
    ],
)
def test_a_disk_that_is_full(striate, pets, place, kib, code, words):
    """At the first file of the run, at its first checkpoint, at a later one."""
    before = digest(pets)
    done = striate("train", pets, *QUICK, "--runs", "d", fault=("full_disk", place / "d", kib))
    ends(done, code, words, "Free")
    assert digest(pets) == before


def test_files_that_may_not_grow(striate, pets):
    done = striate("train", pets, *QUICK, "--runs", "short", fault=("short_files", 100_000))
    ends(done, 4, "must be writable and have room for", "File too large")


def test_too_many_open_files(striate, pets):
    done = striate("train", pets, *QUICK, fault=("few_files", 9))
    assert done.code in (1, 3), done.err  # of the data, or of what a library opens
    ends(done, done.code, "Too many open files")


@needs_disks
@pytest.mark.parametrize(
    ("fault", "note"),
    [
        (("read_only",), "none is used, as its folder fails: Read-only file system"),
        (("full_disk", 4), "were not kept and are decoded each time: No space left"),
    ],
)
def test_a_cache_that_cannot_be_written_costs_time_only(striate, pets, place, fault, note):
    folder = place / f"cache {fault[0]}"
    fault = (fault[0], folder, *fault[1:])
    done = striate("train", pets, *QUICK, fault=fault, STRIATE_CACHE=str(folder))
    assert done.code == 0, done.err
    assert note in done.err


def test_the_folder_of_the_run_is_gone(striate, pets, place):
    folder = place / "runs" / "classify" / "lost-1"
    done = striate("train", pets, *QUICK, "--name", "lost", fault=("at", 1, "delete", folder))
    assert done.code in (3, 4), done.err  # the log or the checkpoint misses it first
    ends(done, done.code, "lost-1", "must", "No such file or directory")


def test_standard_output_on_a_full_disk(striate, model, pets):
    done = striate("predict", model, pets / "red" / "1.png", fault=("full_output",))
    ends(done, 1, "The system refuses: No space left on device.")


# While it trains


CHANGES = {
    "deleted": ("delete", (), "must be a file that can be read. Got No such file or directory"),
    "cut": ("cut", (), "must stay as it was while it is in use"),
    "replaced": ("replace", ("blue/1.png",), "must stay as it was while it is in use"),
}


@pytest.mark.parametrize(
    ("name", "moment"), [("deleted", "begin"), ("deleted", 1), ("cut", 1), ("replaced", 1)]
)
def test_a_picture_that_goes_bad(striate, pets, name, moment):
    """Between the look at all pictures and the first epoch, and between two epochs."""
    action, given, words = CHANGES[name]
    before = digest(pets)
    target = pets / "red" / "3.png"
    given = [pets / each for each in given]
    fault = ("not_in_memory", "at", moment, action, target, *given)
    ends(striate("train", pets, *QUICK, fault=fault), 3, 'red/3.png": ', words)
    after = digest(pets)
    for each in (before, after):
        each.pop(str(target), None)
        each.pop(str(target.parent))
    assert before == after


def test_an_error_in_a_thread_that_reads(striate, pets):
    done = striate("train", pets, *QUICK, fault=("reading_fails", "bug", 10), STRIATE_CACHE_GIB="0")
    ends(done, 1, "ZeroDivisionError: in a thread", "striate --debug")


def test_memory_that_ends_in_a_thread_that_reads(striate, pets):
    fault = ("reading_fails", "memory", 10)
    done = striate("train", pets, *QUICK, fault=fault, STRIATE_CACHE_GIB="0")
    ends(done, 5, "Memory must suffice. Got: in a thread.")


NUMBERS = {
    "an exploding rate": (("--lr", 1e30), ("",), "fit: `loss` must be finite. Got loss=nan in ep"),
    "a weight": ((), ("at", 1, "weight"), "finite is the bias of layer"),
    "a gradient": ((), ("at", "begin", "gradient"), "on the way back the first that is not finite"),
    "no way back helps": (
        ("--on-diverge", "rollback:lr*0.5"),
        ("at", 1, "weight"),
        "The run had gone back 3 times before.",
    ),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_that_are_not_finite(striate, pets, place, name):
    words, fault, sentence = NUMBERS[name]
    before = digest(pets)
    named = f"not-finite-{list(NUMBERS).index(name)}"
    done = striate("train", pets, *QUICK, *words, "--name", named, fault=fault)
    ends(done, 6, sentence, "with the samples", "The update was not made.")
    assert digest(pets) == before
    folder = place / "runs" / "classify" / f"{named}-1"
    events = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    assert "must be finite" in events[-1]["by"]
    assert [each["event"] for each in events].count("changed") == 3 * (name == "no way back helps")
    assert not (folder / "model").exists()


WIDE = ("--epochs", 1, "--batch-size", 8, "--size", 256, "--set", "filters=48", "--no-ema")
WIDE = (*WIDE, "--precision", "float32")


@pytest.mark.parametrize("mib", [60, 100])
def test_memory_that_does_not_suffice_for_a_step(striate, pets, mib):
    before = digest(pets)
    done = striate("train", pets, *WIDE, fault=("at", "begin", "limited_memory", mib))
    ends(done, 5, "fit: must have memory for batches of 8. Got", "in epoch 1, step 1. By trial, ")
    assert digest(pets) == before


@pytest.mark.long
@pytest.mark.parametrize("mib", range(0, 300, 6))
def test_memory_that_ends_anywhere(striate, pets, mib):
    """Fifty points: the run ends well, or with exit code 5 and a sentence."""
    done = striate("train", pets, *WIDE, fault=("at", "begin", "limited_memory", mib))
    assert done.code in (0, 5), done.err
    if done.code == 5:
        assert "emory" in done.last


@pytest.mark.long
def test_accumulation_goes_on_where_memory_does_not_suffice(striate, pets, place):
    fault = ("at", "begin", "limited_memory", 150)
    words = (*WIDE, "--on-oom", "accumulate", "--name", "parts")
    done = striate("train", pets, *words, fault=fault)
    assert "Memory did not suffice for 8 samples in epoch 1, step 1: from here on" in done.err
    folder = place / "runs" / "classify" / "parts-1"
    events = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    note, *_ = [each["note"] for each in events if each["event"] == "changed"]
    assert done.code in (0, 5), done.err  # a validation or a figure may have no memory then
    if done.code == 0:
        assert note.split(":")[0] in (folder / "report.html").read_text()


def test_a_clock_that_jumps(striate, pets, place):
    """A hundred seconds back, a year on, at every look: the run is the same."""
    texts = []
    for name, step in (("back", -100.0), ("on", 86_400.0 * 365)):
        done = striate("train", pets, *QUICK, "--name", name, fault=("clock", step))
        assert done.code == 0, done.err
        folder = place / "runs" / "classify" / f"{name}-1"
        texts.append((folder / "metrics.jsonl").read_bytes())
        events = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
        assert all(0 <= each["seconds"] < 60 for each in events if "seconds" in each)
    assert texts[0] == texts[1]


# A model


@pytest.fixture(scope="module")
def trained(server, place, originals):
    """A run folder."""
    words = ["train", str(originals), "--epochs", "1", "--batch-size", "8", "--name", "good"]
    request = {"words": words, "cwd": str(place), "env": {}, "seconds": 60}
    server.stdin.write(json.dumps({**request, "fault": "", "given": []}) + "\n")
    server.stdin.flush()
    done = Ended(**json.loads(server.stdout.readline()))
    assert done.code == 0, done.err
    return place / "runs" / "classify" / "good-1"


@pytest.fixture
def model(trained, place, request):
    """A copy of the run, to be damaged."""
    name = "".join(c if c.isalnum() else "-" for c in request.node.name)[:60]
    return Path(shutil.copytree(trained, place / "damaged" / name))


def other_number(run):
    path = run / "data_manifest.json"
    manifest = json.loads(path.read_text())
    manifest["parts"]["validation"]["labels"][0] = 7
    path.write_text(json.dumps(manifest))


def other_layer(run):
    path = run / "model" / "model.json"
    path.write_text(path.read_text().replace('"Dense"', '"os.system"'))


MODELS = {
    "cut weights": (lambda r: cut(r / "model/model.safetensors"), 4, "model.safetensors"),
    "no weights": (lambda r: (r / "model/model.safetensors").unlink(), 4, "model.safetensors"),
    "another layer": (other_layer, 4, "model.json"),
    "no classes": (lambda r: (r / "model/labels.txt").unlink(), 4, "labels.txt"),
    "preprocessing": (lambda r: (r / "model/preprocess.json").write_text("{}"), 4, "preprocess"),
    "no model": (lambda r: shutil.rmtree(r / "model"), 4, "model"),
}


@pytest.mark.parametrize("name", MODELS)
def test_a_model_that_is_damaged(striate, model, pets, name):
    damage, code, words = MODELS[name]
    damage(model)
    ends(striate("predict", model, pets / "red" / "1.png"), code, words)
    ends(striate("evaluate", model), code, words)


def test_a_label_that_no_class_has(striate, model):
    other_number(model)
    ends(striate("evaluate", model), 3, "labels that are no class numbers 0..2")


def test_pictures_of_other_classes(striate, model, pets):
    (pets / "red").rename(pets / "cyan")
    ends(striate("evaluate", model, pets), 3, 'Got "cyan"')


def test_held_out_pictures_that_are_gone(striate, place, pets):
    done = striate("train", pets, *QUICK, "--name", "moved")
    assert done.code == 0, done.err
    shutil.rmtree(pets / "red")
    done = striate("evaluate", "runs/classify/moved-1")
    ends(done, 3, "must find its 6 held-out pictures. Got", "missing")


def test_a_picture_that_cannot_be_asked_about(striate, model, pets):
    cut(pets / "red" / "1.png")
    done = striate("predict", model, pets / "red" / "1.png", pets / "red" / "2.png")
    ends(done, 3, "1 of 2 files could not be read.")
    assert "red/2.png" in done.out
