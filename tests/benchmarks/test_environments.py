import json
import sys
from importlib.metadata import version

from benchmarks.contenders import TABLE
from benchmarks.environments import KEEP, Environments, requirements


def test_what_stands_is_taken_and_not_built_anew(tmp_path):
    place = tmp_path / "jax"
    place.mkdir()
    (place / KEEP).write_text(json.dumps(requirements()["jax"]))
    assert Environments(tmp_path).python("jax") == str(place / "bin" / "python")
    assert not (place / "bin").exists()


def test_keras_stands_on_the_very_torch_of_striate(tmp_path):
    assert f"torch=={version('torch').split('+')[0]}" in requirements()["torch"]
    assert Environments(tmp_path).python("own") == sys.executable


def test_every_contender_has_an_environment():
    assert {environment for _, environment, _, _ in TABLE.values()} == {"own", *requirements()}


def test_versions_are_those_of_the_environments_that_were_used(tmp_path):
    environments = Environments(tmp_path)
    assert environments.versions() == {}
    environments.python("own")
    assert environments.versions()["striate"] == version("striate")
