import dataclasses
import hashlib

import pytest

import striate
from striate.errors import DataError, MissingExtraError
from striate.io.digest import Digest
from striate.records import Preprocess
from striate.weights.bringing import bring, kept_at
from striate.weights.catalogue import find_published
from striate.weights.records import Hub, PublishedWeights, Web, Wheel
from tests.weights.file_server import serving

BODY = bytes(range(256)) * 2000
SHA256 = hashlib.sha256(BODY).hexdigest()


def record(place):
    preprocess = Preprocess(size=224, channels=3)
    return PublishedWeights("resnet18", "imagenet", "timm", "timm", place, "MIT", preprocess)


@pytest.fixture(autouse=True)
def _a_cache_of_its_own(monkeypatch, tmp_path):
    monkeypatch.setenv("STRIATE_CACHE", str(tmp_path / "cache"))
    for variable in ("STRIATE_OFFLINE", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture
def server():
    with serving({"/a.pth": BODY}) as server:
        yield server


def test_a_file_is_fetched_once_and_checked(server):
    made = record(Web(f"{server.url}/a.pth", Digest("sha256", SHA256[:8])))
    told = []
    path = bring(made, progress=lambda held, total: told.append((held, total)))
    assert path == kept_at(made) == striate.settings.cache_folder() / "weights" / "timm" / "a.pth"
    assert path.read_bytes() == BODY
    assert told[-1] == (len(BODY), len(BODY))
    assert bring(made) == path
    assert len(server.asked) == 1


def test_what_was_broken_off_is_continued(server):
    made = record(Web(f"{server.url}/a.pth", Digest("sha256", SHA256)))
    server.stops["/a.pth"] = 300_000
    assert bring(made).read_bytes() == BODY
    assert [part for _, _, part in server.asked] == [None, "bytes=300000-"]


def test_the_server_states_the_hash_where_nobody_else_does(server):
    made = record(Web(f"{server.url}/a.pth", None))
    with pytest.raises(DataError, match="must come with its md5"):
        bring(made)
    server.headers["/a.pth"] = [("x-goog-hash", "md5=AAAAAAAAAAAAAAAAAAAAAA==")]
    with pytest.raises(DataError, match=f"a file with md5 .* instead of {'0' * 32}"):
        bring(made)
    assert not kept_at(made).exists()


def test_a_wrong_file_a_missing_one_and_no_network(server, monkeypatch):
    wrong = record(Web(f"{server.url}/a.pth", Digest("sha256", "0" * 8)))
    with pytest.raises(DataError, match=f"a file with sha256 {SHA256} instead of 00000000"):
        bring(wrong)
    with pytest.raises(DataError, match="HTTP 404"):
        bring(record(Web(f"{server.url}/b.pth", Digest("sha256", "0" * 8))))
    monkeypatch.setenv("STRIATE_OFFLINE", "1")
    words = r'Download of "a.pth": must be allowed to use the network\. Got STRIATE_OFFLINE=1'
    with pytest.raises(DataError, match=words):
        bring(wrong)


def test_every_place_has_a_file_of_its_own():
    places = {kept_at(each) for each in striate.weights.catalogue.published_weights()}
    assert len(places) == len(striate.weights.catalogue.published_weights())
    hub = record(Hub("timm/x"))
    assert kept_at(hub).parts[-3:] == ("weights", "timm--x", "model.safetensors")


def test_a_package_is_found_and_its_file_checked(monkeypatch):
    made = find_published("efficientnet_lite0")
    pytest.importorskip(made.place.module)
    path = bring(made)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == made.digest.digits
    monkeypatch.setenv("STRIATE_OFFLINE", "1")
    assert bring(made) == path


def test_a_package_that_is_another_one(tmp_path, monkeypatch):
    (tmp_path / "a_b").mkdir()
    code = "raise RuntimeError('run')"  # a package is found without being run
    (tmp_path / "a_b" / "__init__.py").write_text(code, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    made = record(Wheel("a_b", "w.pth", Digest("sha256", SHA256), "lite0"))
    with pytest.raises(DataError, match=rf'Weights "w.pth": must have sha256 {SHA256}\. Got no'):
        bring(made)
    (tmp_path / "a_b" / "w.pth").write_bytes(b"other")
    found = hashlib.sha256(b"other").hexdigest()
    with pytest.raises(DataError, match=rf"Got {found}\. Install it anew: Run: pip install 'stri"):
        bring(made)
    (tmp_path / "a_b" / "w.pth").write_bytes(BODY)
    assert bring(made) == tmp_path / "a_b" / "w.pth"


def test_a_package_that_is_missing():
    place = Wheel("no_such_package", "w.pth", Digest("sha256", SHA256), "lite0")
    words = (
        r'Weights "w.pth": the package `no-such-package` must be installed\. Got none\. '
        r"Run: pip install 'striate\[lite0\]'"
    )
    with pytest.raises(MissingExtraError, match=words):
        bring(dataclasses.replace(find_published("efficientnet_lite0"), place=place))
