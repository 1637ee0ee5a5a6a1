import base64
import hashlib

import pytest

from striate.errors import ArgumentError, DataError
from striate.io.digest import Digest
from striate.io.stated_digest import stated_digest
from tests.weights.file_server import serving

BODY = b"weights" * 100
MD5 = hashlib.md5(BODY)
STATED = base64.b64encode(MD5.digest()).decode()


@pytest.fixture(autouse=True)
def _online(monkeypatch):
    for variable in ("STRIATE_OFFLINE", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture
def server():
    with serving({"/a": BODY}) as server:
        yield server


@pytest.mark.parametrize(
    "lines",
    [
        [("x-goog-hash", "crc32c=AAAAAA=="), ("x-goog-hash", f"md5={STATED}")],
        [("x-goog-hash", f"crc32c=AAAAAA==, md5={STATED}")],
    ],
)
def test_the_md5_of_the_server_is_taken_without_the_file(server, lines):
    server.headers["/a"] = lines
    assert stated_digest(f"{server.url}/a") == Digest("md5", MD5.hexdigest())
    assert server.asked == [("HEAD", "/a", None)]


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [("x-goog-hash", "crc32c=AAAAAA==")],
        [("x-goog-hash", "md5=&&&")],
        [("x-goog-hash", "md5=AAAA")],
    ],
)
def test_no_md5_is_refused(server, lines):
    server.headers["/a"] = lines
    words = 'Download of "a": must come with its md5, as its publisher names no hash. Got none from'
    with pytest.raises(DataError, match=words):
        stated_digest(f"{server.url}/a")


def test_a_missing_file_and_a_closed_door(server):
    with pytest.raises(DataError, match=r"must be had from its address\. Got .*404"):
        stated_digest(f"{server.url}/b")
    with pytest.raises(DataError, match=r"must be had from its address\. Got .*refused"):
        stated_digest("http://127.0.0.1:1/b")


def test_offline_and_other_addresses(server, monkeypatch):
    with pytest.raises(ArgumentError, match="`url` must begin with https://"):
        stated_digest("ftp://127.0.0.1/a")
    monkeypatch.setenv("STRIATE_OFFLINE", "1")
    words = r"must be allowed to use the network\. Got STRIATE_OFFLINE=1\. Unset it\. Fetch the"
    with pytest.raises(DataError, match=words):
        stated_digest(f"{server.url}/a")
    assert server.asked == []
