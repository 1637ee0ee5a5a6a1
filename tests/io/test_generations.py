import os

import pytest

from striate.errors import ArgumentError, WeightsError
from striate.io.generations import Generations
from striate.io.store import read_folder
from tests.io.small_generations import contents, damage, numbers, same, written


def test_the_newest_comes_back_as_it_was_written(tmp_path):
    run = Generations(tmp_path / "a" / "checkpoints")
    assert run.newest() is None
    assert run.best() is None
    path = run.write(12, contents(12))
    assert path == tmp_path / "a" / "checkpoints" / "step-0000000012"
    run.write(13, contents(13))
    for reader in (run, Generations(run.folder)):
        found = reader.newest()
        assert same(found, 13)
        assert found.folder == run.folder / "step-0000000013"
        assert found.notes == ()
    assert "generation.json" in read_folder(path)


@pytest.mark.parametrize(
    ("keep", "best", "left"),
    [
        (2, (), [4, 5]),
        (1, (), [5]),
        (9, (), [0, 1, 2, 3, 4, 5]),
        (2, (1,), [1, 4, 5]),
        (2, (1, 3), [3, 4, 5]),
        (2, (1, 5), [1, 4, 5]),  # should 5 be damaged, 4 has its best one still
        (1, (1, 5), [5]),
        (2, (5,), [4, 5]),
    ],
)
def test_the_last_and_the_best_are_kept(tmp_path, keep, best, left):
    run = written(tmp_path, *range(6), keep=keep, best=best)
    assert numbers(tmp_path) == left
    for reader in (run, Generations(tmp_path)):
        found = reader.best()
        assert same(found, best[-1]) if best else found is None


def test_the_best_is_known_to_a_later_process(tmp_path):
    written(tmp_path, 1, 2, best=(1,))
    run = Generations(tmp_path)
    run.newest()
    for number in (3, 4, 5):
        run.write(number, contents(number))
    assert numbers(tmp_path) == [1, 4, 5]
    assert same(Generations(tmp_path).best(), 1)
    damage(tmp_path / "step-0000000001")
    with pytest.raises(WeightsError, match=r"step-0000000001.*must hold run\.json as its manif"):
        Generations(tmp_path).best()


def test_what_stands_is_read_first(tmp_path):
    """A new run does not write among the generations of an old one, and so never removes them."""
    written(tmp_path, 5)
    with pytest.raises(WeightsError, match=r"Got step-0000000005, which may be of another run\."):
        Generations(tmp_path).write(1, contents(1))
    assert same(Generations(tmp_path).newest(), 5)


def test_arguments(tmp_path):
    with pytest.raises(ArgumentError, match="`keep` must be a whole number of at least 1"):
        Generations(tmp_path, keep=0)
    run = written(tmp_path, 5)
    with pytest.raises(ArgumentError, match="`number` must be a whole number of at least 5"):
        run.write(4, contents(4))
    with pytest.raises(ArgumentError, match=r"`number` must be at most 999,999,999,999,999\. Got"):
        run.write(10**15, contents(4))
    with pytest.raises(ArgumentError, match=r"`files` must not hold generation\.json, which is"):
        run.write(6, {"generation.json": b""})
    with pytest.raises(ArgumentError, match="`files` must have plain names"):
        run.write(6, {"../x": b""})
    run.write(5, {"again": b"yes"})
    assert run.newest().files == {"again": b"yes"}
    run.write(10**15 - 1, contents(4))
    assert Generations(tmp_path).newest().number == 10**15 - 1


def test_strangers_in_the_folder_are_left_alone(tmp_path):
    strange = ("step-1", "step-00000000012", "note.txt", ".step-0000000001.txt", "step-0000000001")
    for name in strange:
        (tmp_path / name).write_bytes(b"mine")
    run = written(tmp_path, 2, 3, 4, 5)
    assert same(run.newest(), 5)
    assert {name: (tmp_path / name).read_bytes() for name in strange} == dict.fromkeys(
        strange, b"mine"
    )


def test_what_stands_in_the_way_is_named(tmp_path):
    run = written(tmp_path, 1)
    (tmp_path / "LATEST").unlink()
    (tmp_path / "LATEST").mkdir()
    with pytest.raises(WeightsError, match=r"writable\. Got Is a directory at .*LATEST\. Check"):
        run.write(2, contents(2))
    assert same(Generations(tmp_path).newest(), 1)
    assert numbers(tmp_path) == [1]


def test_leftovers_are_cleaned_by_the_next_write(tmp_path):
    written(tmp_path, 1, 2)
    for name in (".step-0000000003.new", ".step-0000000001.old", ".step-0000000000.gone"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "part").write_bytes(bytes(1000))
    (tmp_path / ".LATEST.new").write_bytes(b"half")
    os.rename(tmp_path / "step-0000000002", tmp_path / ".step-0000000002.old")
    run = Generations(tmp_path)
    assert same(run.newest(), 2)
    run.write(3, contents(3))
    assert numbers(tmp_path) == [2, 3]
