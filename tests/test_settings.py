import subprocess
import sys
from pathlib import Path

import platformdirs
import pytest

from striate import settings
from striate.errors import ArgumentError

VARIABLES = (
    "STRIATE_CACHE",
    "STRIATE_CACHE_GIB",
    "STRIATE_HOME",
    "STRIATE_DATA",
    "STRIATE_OFFLINE",
    "HF_HUB_OFFLINE",
    "KERAS_HOME",
)


@pytest.fixture(autouse=True)
def _clean(monkeypatch):
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)


def test_cache_is_the_named_folder_then_home_then_the_platform(monkeypatch, tmp_path):
    assert settings.cache_folder() == Path(platformdirs.user_cache_dir("striate"))
    monkeypatch.setenv("STRIATE_HOME", str(tmp_path / "home"))
    assert settings.cache_folder() == tmp_path / "home" / "cache"
    monkeypatch.setenv("STRIATE_CACHE", str(tmp_path / "cache"))
    assert settings.cache_folder() == tmp_path / "cache"
    assert list(tmp_path.iterdir()) == []


def test_folders_take_the_tilde_and_ignore_blanks(monkeypatch):
    assert settings.data_folder() is None
    monkeypatch.setenv("STRIATE_DATA", "  ")
    assert settings.data_folder() is None
    monkeypatch.setenv("STRIATE_DATA", "~/sets")
    assert settings.data_folder() == Path.home() / "sets"
    assert settings.keras_folder() == Path.home() / ".keras"
    monkeypatch.setenv("KERAS_HOME", "/k")
    assert settings.keras_folder() == Path("/k")


def test_tilde_of_nobody_stays_as_it_is(monkeypatch):
    monkeypatch.setenv("STRIATE_CACHE", "~nobody_of_this_name/cache")
    assert settings.cache_folder() == Path("~nobody_of_this_name/cache")


def test_the_cache_of_pictures_has_a_limit(monkeypatch):
    assert settings.picture_cache_bytes() == 16 * 2**30
    for value, size in (("", 16), ("0", 0), (" 2.5 ", 2.5), ("1e3", 1000)):
        monkeypatch.setenv("STRIATE_CACHE_GIB", value)
        assert settings.picture_cache_bytes() == size * 2**30
    for value in ("much", "-1", "inf", "nan"):
        monkeypatch.setenv("STRIATE_CACHE_GIB", value)
        with pytest.raises(ArgumentError, match=r"^settings: `STRIATE_CACHE_GIB` must be "):
            settings.picture_cache_bytes()


@pytest.mark.parametrize("variable", ["STRIATE_OFFLINE", "HF_HUB_OFFLINE"])
def test_offline_names_the_setting(monkeypatch, variable):
    assert settings.offline() is None
    for value in ("0", "", "false", "No", "off"):
        monkeypatch.setenv(variable, value)
        assert settings.offline() is None
    for value in ("1", "true", "yes", "ON"):
        monkeypatch.setenv(variable, value)
        assert settings.offline() == f"{variable}={value}"


def test_threads(monkeypatch):
    monkeypatch.delenv("STRIATE_THREADS", raising=False)
    assert settings.threads() is None
    monkeypatch.setenv("STRIATE_THREADS", " 3 ")
    assert settings.threads() == 3
    for value in ("0", "two", "-1", "1.5"):
        monkeypatch.setenv("STRIATE_THREADS", value)
        with pytest.raises(
            ArgumentError, match="`STRIATE_THREADS` must be a whole number of at least 1"
        ):
            settings.threads()


def test_nothing_is_read_at_import():
    code = (
        "import os\n"
        "class Watch(dict):\n"
        "    def get(self, key, default=None):\n"
        "        assert not str(key).startswith('STRIATE'), key\n"
        "        return super().get(key, default)\n"
        "    __getitem__ = get\n"
        "os.environ = Watch(os.environ)\n"
        "import striate.settings\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": "src"}, timeout=60)


def test_a_process_that_reads_a_foreign_file_gets_no_secrets(monkeypatch):
    monkeypatch.setenv("STRIATE_TOKEN", "secret")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    monkeypatch.setenv("TMPDIR", "/tmp")
    monkeypatch.delenv("LD_LIBRARY_PATH", raising=False)
    found = settings.reader_environment()
    assert set(found) <= {
        "PATH",
        "DYLD_LIBRARY_PATH",
        "SYSTEMROOT",
        "TMPDIR",
        "TEMP",
        "TMP",
        "OMP_NUM_THREADS",
        "CUDA_VISIBLE_DEVICES",
    }
    assert (found["TMPDIR"], found["OMP_NUM_THREADS"]) == ("/tmp", "1")
    assert found["CUDA_VISIBLE_DEVICES"] == ""
