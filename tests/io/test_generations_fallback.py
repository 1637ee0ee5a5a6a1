"""A newest one that is damaged, or a LATEST: the one before comes back, and says so."""

import json
import shutil

import pytest

from striate.errors import WeightsError
from striate.io.generations import Generations
from striate.io.manifest import MANIFEST, manifest_text
from striate.io.store import write_folder
from tests.io.small_generations import contents, damage, numbers, same, written


@pytest.mark.parametrize("name", ["run.json", "w.safetensors", "generation.json", MANIFEST])
def test_a_damaged_newest_falls_back_and_says_so(tmp_path, name):
    written(tmp_path, 1, 2)
    damage(tmp_path / "step-0000000002", name)
    run = Generations(tmp_path)
    found = run.newest()
    assert same(found, 1)
    note = f"{MANIFEST} is another now" if name == MANIFEST else "was passed over. Folder"
    assert [note in each and "step-0000000002" in each for each in found.notes] == [True]
    run.write(2, contents(2))
    assert same(Generations(tmp_path).newest(), 2)
    assert Generations(tmp_path).newest().notes == ()
    assert numbers(tmp_path) == [1, 2]


def test_without_its_manifest_it_is_replaced_all_the_same(tmp_path):
    written(tmp_path, 1, 2)
    (tmp_path / "step-0000000002" / MANIFEST).unlink()
    run = Generations(tmp_path)
    assert same(run.newest(), 1)
    run.write(2, contents(2))
    assert same(Generations(tmp_path).newest(), 2)


@pytest.mark.parametrize(
    ("change", "note"),
    [
        (lambda file: file.unlink(), "Got no such file"),
        (lambda file: file.write_bytes(b""), "Got other bytes than were written"),
        (lambda file: damage(file.parent, "LATEST"), "Got other bytes than were written"),
        (lambda file: file.write_bytes(file.read_bytes() + b"\n"), "Got other bytes than were"),
        (lambda file: (file.unlink(), file.mkdir()), "Got a link or a folder"),
        (lambda file: (file.unlink(), file.symlink_to("x")), "Got no such file"),
    ],
)
def test_without_latest_the_newest_whole_one_counts(tmp_path, change, note):
    written(tmp_path, 1, 2)
    change(tmp_path / "LATEST")
    found = Generations(tmp_path).newest()
    assert same(found, 2)
    assert len(found.notes) == 1
    assert found.notes[0].startswith(f'File "{tmp_path / "LATEST"}": must name what stands. ')
    assert note in found.notes[0]


def test_latest_may_name_what_is_gone(tmp_path):
    written(tmp_path, 1, 2)
    shutil.rmtree(tmp_path / "step-0000000002")
    found = Generations(tmp_path).newest()
    assert same(found, 1)
    assert "Got step-0000000002, which does not stand." in found.notes[0]


def test_latest_comes_before_a_higher_number(tmp_path):
    """A crash after a folder and before LATEST, or a run that went back."""
    written(tmp_path, 1, 2, keep=3)
    latest = (tmp_path / "LATEST").read_bytes()
    Generations(tmp_path, keep=3).newest()
    run = Generations(tmp_path, keep=3)
    run.newest()
    run.write(7, contents(7))
    (tmp_path / "LATEST").write_bytes(latest)
    run = Generations(tmp_path, keep=3)
    assert same(run.newest(), 2)
    run.write(3, contents(3))
    assert numbers(tmp_path) == [1, 2, 3]


def test_a_folder_that_was_exchanged_is_the_last_choice(tmp_path):
    """Whole by its own manifest, but not the one that LATEST was written for."""
    written(tmp_path / "other", 1, 2)
    written(tmp_path / "run", 1, 2)
    newest = tmp_path / "run" / "step-0000000002"
    body = json.loads((newest / MANIFEST).read_bytes())["files"]
    del body["run.json"]
    (newest / MANIFEST).write_bytes(manifest_text(body))
    found = Generations(tmp_path / "run").newest()
    assert same(found, 1)
    assert f"step-0000000002, whose {MANIFEST} is another now" in found.notes[0]
    shutil.rmtree(tmp_path / "run" / "step-0000000001")
    assert Generations(tmp_path / "run").newest().number == 2
    older = tmp_path / "other" / "step-0000000001"
    shutil.rmtree(newest)
    shutil.copytree(older, newest)
    with pytest.raises(WeightsError, match=r"hold a generation\.json of its own number\. Got numb"):
        Generations(tmp_path / "run").newest()


def test_all_damaged_is_an_error_and_no_silent_start(tmp_path):
    written(tmp_path, 1, 2)
    for number in (1, 2):
        damage(tmp_path / f"step-000000000{number}")
    run = Generations(tmp_path)
    with pytest.raises(WeightsError) as failure:
        run.newest()
    text = str(failure.value)
    assert text.startswith(f'Folder "{tmp_path}": must hold a whole generation. Got ')
    assert text.index("step-0000000002 was passed") < text.index("step-0000000001 was passed")
    assert text.endswith("Restore one from a copy, or remove them to begin anew.")
    with pytest.raises(WeightsError, match="must be empty, or be read before it is written"):
        run.write(3, contents(3))


def test_a_damaged_one_before_does_not_count_among_those_kept(tmp_path):
    written(tmp_path, 1, 2, 3, keep=3)
    run = Generations(tmp_path)
    run.newest()
    damage(tmp_path / "step-0000000002")
    run.write(4, contents(4))
    assert numbers(tmp_path) == [3, 4]
    damage(tmp_path / "step-0000000004")
    run = Generations(tmp_path)
    assert same(run.newest(), 3)
    damage(tmp_path / "step-0000000003")
    run.write(4, contents(4))
    assert same(Generations(tmp_path).newest(), 4)


@pytest.mark.parametrize("best", ["1", 3, -1, 10**400, [], 0.5])
def test_a_best_one_that_cannot_be_is_damage(tmp_path, best):
    run = written(tmp_path, 1)
    forged = json.dumps({"number": 2, "best": best}).encode()
    write_folder(run.folder / "step-0000000002", {**contents(2), "generation.json": forged})
    (tmp_path / "LATEST").unlink()
    found = Generations(tmp_path).newest()
    assert same(found, 1)
    assert "must hold a generation.json of its own number" in found.notes[1]
