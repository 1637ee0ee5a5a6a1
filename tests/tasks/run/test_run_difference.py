"""Two runs beside each other: the same pictures are found by content, whatever their order."""

import hashlib
import json

import numpy as np
import pytest

from striate.errors import DataError
from striate.tasks.run.run_difference import diff_runs
from striate.tasks.scoring.bootstrap import paired_interval
from striate.tasks.scoring.predictions import Predictions, write_predictions

NAMES = ("cat", "dog")


@pytest.fixture
def run(tmp_path):
    """make(name, hits, …): a finished run whose answers are right where it is said."""

    def make(name, hits, *, files=None, truth=None, names=NAMES, hashed=True, data="pets", **facts):
        folder = tmp_path / name
        folder.mkdir()
        files = list(range(len(hits))) if files is None else files
        truth = np.array(files) % 2 if truth is None else np.asarray(truth)
        answer = np.where(hits, truth, 1 - truth)
        said = Predictions(
            data,
            "test",
            names,
            [f"{name}/{file}" if hashed else str(file) for file in files],
            truth,
            np.float32(0.8 * np.eye(2)[answer] + 0.1),
            [hashlib.sha256(str(file).encode()).digest() for file in files] if hashed else None,
        )
        write_predictions(folder, said)
        (folder / "config.toml").write_text(facts.get("config", "seed = 0\n"))
        machine = {"started": name, "python": "3.11", "packages": {"torch": "2"}}
        (folder / "env.json").write_text(json.dumps({**machine, **facts.get("machine", {})}))
        (folder / "data_manifest.json").write_text(json.dumps(facts.get("manifest", {})))
        return folder

    return make


def test_the_same_pictures_in_another_order_and_under_other_names(run, rng):
    one, two = rng.random(80) < 0.6, rng.random(80) < 0.8
    order = rng.permutation(80)
    found = diff_runs(run("a", one), run("b", two[order], files=order.tolist()))
    pairs = found.pairs
    assert (pairs.pictures, pairs.only_first, pairs.only_second, pairs.other_truth) == (80, 0, 0, 0)
    assert (pairs.accuracy_first, pairs.accuracy_second) == (one.mean(), two.mean())
    assert pairs.interval == paired_interval(one, two)
    assert set(pairs.gained) == {f"b/{n}" for n in np.flatnonzero(two & ~one)}
    assert set(pairs.lost) == {f"a/{n}" for n in np.flatnonzero(one & ~two)}
    assert (pairs.both_right, pairs.both_wrong) == ((one & two).sum(), (~one & ~two).sum())


def test_only_what_both_have_is_compared(run):
    first = run("a", [True] * 10)
    second = run("b", [False] * 10, files=list(range(5, 15)))
    pairs = diff_runs(first, second).pairs
    assert (pairs.pictures, pairs.only_first, pairs.only_second) == (5, 5, 5)
    assert (pairs.accuracy_first, pairs.accuracy_second) == (1.0, 0.0)
    assert pairs.is_clear
    assert diff_runs(first, run("c", [True] * 4, files=[50, 51, 52, 53])).pairs is None


def test_pictures_with_another_truth_are_left_out(run):
    truth = np.array([1, 1, 0, 1])  # the first is a cat elsewhere
    pairs = diff_runs(run("a", [True] * 4), run("b", [True] * 4, truth=truth)).pairs
    assert (pairs.pictures, pairs.other_truth) == (3, 1)


def test_the_order_of_the_classes_does_not_matter(run):
    second = run("b", [True] * 6, truth=1 - np.arange(6) % 2, names=NAMES[::-1])
    pairs = diff_runs(run("a", [True] * 6), second).pairs
    assert (pairs.pictures, pairs.both_right) == (6, 6)


def test_equal_files_are_told_apart_by_their_count(run):
    files = [7, 7, 7, 8]
    first, second = run("a", [True] * 4, files=files), run("b", [True] * 3, files=files[1:])
    pairs = diff_runs(first, second).pairs
    assert (pairs.pictures, pairs.only_first, pairs.only_second) == (3, 1, 0)


def test_data_that_are_no_files_are_compared_by_name(run):
    first = run("a", [True] * 4, hashed=False)
    assert diff_runs(first, run("b", [True] * 4, hashed=False)).pairs.pictures == 4
    assert diff_runs(first, run("c", [True] * 4, hashed=False, data="other")).pairs is None


def test_settings_machine_and_data(run):
    first = run(
        "a",
        [True] * 4,
        config="seed = 0\nlr = 0.1\n[net]\ndepth = 3\n",
        manifest={"data_sha256": "ab"},
    )
    second = run(
        "b",
        [True] * 4,
        config='seed = 1\nlr = 0.1\nname = "x"\n[net]\ndepth = 4\n',
        machine={"packages": {"torch": "3"}},
        manifest={"data_sha256": "ab"},
    )
    found = diff_runs(first, second)
    changes = {each.name: (each.first, each.second) for each in found.settings}
    assert changes == {"seed": (0, 1), "net.depth": (3, 4), "name": (None, "x")}
    assert [(e.name, e.first, e.second) for e in found.environment] == [("torch", "2", "3")]
    assert found.same_data is True
    assert diff_runs(first, run("c", [True] * 4)).same_data is None
    other = run("d", [True] * 4, manifest={"data_sha256": "cd"})
    assert diff_runs(first, other).same_data is False


def test_scores_and_recalls(run):
    found = diff_runs(run("a", [True] * 4), run("b", [True, False, True, True]))
    scores = {each.name: (each.first, each.second) for each in found.scores}
    assert scores["accuracy"] == (1.0, 0.75)
    assert "top_5" not in scores
    assert [(e.name, e.first, e.second) for e in found.classes] == [
        ("cat", 1.0, 1.0),
        ("dog", 1.0, 0.5),
    ]
    assert json.loads(json.dumps(found.to_json()))["pairs"]["pictures"] == 4
    assert not found.pairs.is_clear


def test_a_run_beside_itself(run, tmp_path):
    one = run("a", [True, False])
    assert not diff_runs(one, run("b", [True, False])).same_run
    assert diff_runs(one, f"{one}/../a").same_run
    (tmp_path / "link").symlink_to(one)
    found = diff_runs(tmp_path / "link", one)
    assert found.same_run
    assert (found.pairs.gained, found.pairs.lost) == ((), ())


def test_one_class_beside_several(run, tmp_path):
    first = run("a", [True] * 4)
    second = run("b", [True] * 4)
    (second / "predictions.safetensors").unlink()
    p = np.float32([[0.9, 0.1], [0.1, 0.9], [0.9, 0.9], [0.2, 0.9]])
    hashes = [hashlib.sha256(str(file).encode()).digest() for file in range(4)]
    y = np.array([[1, 0], [0, 1], [1, 1], [0, 1]])
    write_predictions(second, Predictions("pets", "test", NAMES, list("abcd"), y, p, hashes))
    found = diff_runs(first, second)
    assert (found.pairs.pictures, found.pairs.other_truth) == (3, 1)
    assert {"mean_average_precision", "accuracy"} <= {each.name for each in found.scores}


def test_a_run_without_answers_is_refused(run):
    first, second = run("a", [True] * 4), run("b", [True] * 4)
    (second / "predictions.safetensors").unlink()
    with pytest.raises(DataError, match=r'b": must hold predictions\.safetensors'):
        diff_runs(first, second)
