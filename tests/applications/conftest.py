"""Published weights of a net, made up and served by this machine."""

import pytest

from striate.io.digest import Digest
from striate.records import Preprocess
from striate.weights.records import PublishedWeights, Web
from tests.weights.file_server import serving


@pytest.fixture(autouse=True)
def _a_cache_of_its_own(monkeypatch, tmp_path):
    monkeypatch.setenv("STRIATE_CACHE", str(tmp_path / "cache"))
    for variable in ("STRIATE_OFFLINE", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture
def server():
    """Serves what is put into .files."""
    with serving({}) as server:
        yield server


@pytest.fixture
def publish(server):
    """publish(path, architecture, dialect): the record of a file, which is served."""

    def published(path, architecture, dialect, *, source="timm", side=64, **more):
        address = f"/{path.name}"
        server.files[address] = path.read_bytes()
        digest = Digest("sha256", Digest("sha256", "0" * 64).of_file(path))
        preprocess = Preprocess(size=side, channels=3)
        place = Web(f"{server.url}{address}", digest)
        return PublishedWeights(
            architecture, "imagenet", source, dialect, place, "MIT", preprocess, **more
        )

    return published
