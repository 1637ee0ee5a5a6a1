import hashlib
import http.server
import multiprocessing
import os
import re
import threading
import time

import pytest

from striate.errors import ArgumentError, DataError
from striate.io.digest import Digest
from striate.io.fetch import fetch
from striate.io.transfer import Transfer, TransferError

BODY = bytes(range(256)) * 4000
SHA256 = hashlib.sha256(BODY).hexdigest()


class Handler(http.server.BaseHTTPRequestHandler):
    """What a path's first word says: /full, /cut, /norange, /wrong, /stall, /to?<url>, …"""

    protocol_version = "HTTP/1.1"

    def log_message(self, *words):
        pass

    def do_GET(self):
        server = self.server
        server.asked.append((self.path, self.headers.get("Range"), self.headers.get("If-Range")))
        getattr(self, self.path.strip("/").split("?")[0].split("/")[0])()

    def start(self, status, length, **headers):
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def full(self, body=BODY, stop=None):
        match = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range") or "")
        version = f'"{self.server.version}"'
        same = self.headers.get("If-Range") in (None, version)
        begin = int(match[1]) if match and same else 0
        if match and same and begin >= len(body):
            self.start(416, 0)
            return
        rest = body[begin:]
        if begin:
            span = f"bytes {begin}-{len(body) - 1}/{len(body)}"
            self.start(206, len(rest), Content_Range=span, ETag=version)
        else:
            self.start(200, len(rest), ETag=version)
        self.wfile.write(rest[:stop])
        if stop is not None:
            self.close_connection = True

    def cut(self):
        """Sends 300,000 bytes a connection."""
        self.full(stop=300_000)

    def once(self):
        """Sends a third, once; then nothing more."""
        if len(self.server.asked) > 1:
            self.start(503, 0)
        else:
            self.full(stop=len(BODY) // 3)

    def norange(self):
        self.start(200, len(BODY))
        self.wfile.write(BODY)

    def wrong(self):
        self.full(body=BODY[::-1])

    def longer(self):
        self.full(body=BODY + b"!")

    def endless(self):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        try:
            for _ in range(1000):
                self.wfile.write(chunk)
        except OSError:
            self.close_connection = True

    def stall(self):
        self.start(200, len(BODY))
        self.wfile.write(BODY[:1000])
        self.wfile.flush()
        self.server.released.wait(10)
        self.close_connection = True

    def slow(self):
        self.start(200, len(BODY))
        for at in range(0, len(BODY), 256_000):
            self.wfile.write(BODY[at : at + 256_000])
            time.sleep(0.1)

    def elsewhere(self):
        self.start(206, 10, Content_Range=f"bytes 0-9/{len(BODY)}")
        self.wfile.write(BODY[:10])

    def missing(self):
        self.start(404, 0)

    def to(self):
        self.start(302, 0, Location=self.path.split("?", 1)[1])


@pytest.fixture
def server():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.asked, server.version, server.released = [], "v1", threading.Event()
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.released.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def _online(monkeypatch):
    for variable in ("STRIATE_OFFLINE", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(variable, raising=False)


def names(folder):
    return sorted(p.name for p in folder.iterdir())


def test_whole_file(server, tmp_path):
    told = []
    path = fetch(
        f"{server.url}/full",
        tmp_path / "new" / "a.bin",
        sha256=SHA256.upper(),
        size_bytes=len(BODY),
        progress=lambda held, total: told.append((held, total)),
    )
    assert path.read_bytes() == BODY
    assert names(path.parent) == ["a.bin"]
    assert told[-1] == (len(BODY), len(BODY))
    assert [held for held, _ in told] == sorted({held for held, _ in told})


def test_right_file_is_not_fetched_again(server, tmp_path, monkeypatch):
    (tmp_path / "a").write_bytes(BODY)
    monkeypatch.setenv("STRIATE_OFFLINE", "1")
    fetch(f"{server.url}/full", tmp_path / "a", sha256=SHA256)
    assert server.asked == []


def test_damaged_file_is_replaced(server, tmp_path):
    (tmp_path / "a").write_bytes(BODY[:-1])
    fetch(f"{server.url}/full", tmp_path / "a", sha256=SHA256)
    assert (tmp_path / "a").read_bytes() == BODY


def test_cut_connections_are_resumed_where_they_broke(server, tmp_path):
    path = fetch(f"{server.url}/cut", tmp_path / "a", sha256=SHA256, size_bytes=len(BODY))
    assert path.read_bytes() == BODY
    ranges = [span for _, span, _ in server.asked]
    assert ranges == [None, "bytes=300000-", "bytes=600000-", "bytes=900000-"]
    assert [match for *_, match in server.asked[1:]] == ['"v1"'] * 3
    assert names(tmp_path) == ["a"]


def test_later_call_resumes(server, tmp_path):
    with pytest.raises(DataError, match="HTTP 503"):
        fetch(f"{server.url}/once", tmp_path / "a", sha256=SHA256)
    third = len(BODY) // 3
    assert (tmp_path / "a.part").read_bytes() == BODY[:third]
    assert not (tmp_path / "a").exists()
    fetch(f"{server.url}/full", tmp_path / "a", sha256=SHA256)
    assert server.asked[-1] == ("/full", f"bytes={third}-", None)  # another address: no version
    assert (tmp_path / "a").read_bytes() == BODY


def test_changed_file_starts_over(server, tmp_path):
    (tmp_path / "a.part").write_bytes(b"old version")
    note = f'{{"url": "{server.url}/full", "version": "\\"v0\\""}}'
    (tmp_path / "a.part.from").write_text(note, encoding="utf-8")
    fetch(f"{server.url}/full", tmp_path / "a", sha256=SHA256)
    assert server.asked == [("/full", "bytes=11-", '"v0"')]
    assert (tmp_path / "a").read_bytes() == BODY


def test_server_without_ranges_starts_over(server, tmp_path):
    (tmp_path / "a.part").write_bytes(BODY[:5000])
    fetch(f"{server.url}/norange", tmp_path / "a", sha256=SHA256)
    assert (tmp_path / "a").read_bytes() == BODY
    assert server.asked == [("/norange", "bytes=5000-", None)]


@pytest.mark.parametrize("rest", [b"wrong start", BODY + b"!", b"\0" * len(BODY)])
def test_wrong_part_is_thrown_away_and_fetched_again(server, tmp_path, rest):
    (tmp_path / "a.part").write_bytes(rest)
    fetch(f"{server.url}/full", tmp_path / "a", sha256=SHA256)
    assert (tmp_path / "a").read_bytes() == BODY
    assert names(tmp_path) == ["a"]


def test_complete_part_needs_no_request(server, tmp_path):
    (tmp_path / "a.part").write_bytes(BODY)
    fetch(f"{server.url}/missing", tmp_path / "a", sha256=SHA256, size_bytes=len(BODY))
    assert server.asked == []
    assert names(tmp_path) == ["a"]


def test_answer_about_another_part_is_refused(server, tmp_path):
    (tmp_path / "a.part").write_bytes(BODY[:500])
    with pytest.raises(DataError, match="an answer about another part of the file"):
        fetch(f"{server.url}/elsewhere", tmp_path / "a", sha256=SHA256)
    assert not (tmp_path / "a").exists()


def test_wrong_hash_leaves_nothing(server, tmp_path):
    words = rf'Download of "a": must come whole .* sha256 {hashlib.sha256(BODY[::-1]).hexdigest()}'
    with pytest.raises(DataError, match=words):
        fetch(f"{server.url}/wrong", tmp_path / "a", sha256=SHA256)
    assert names(tmp_path) == []


def test_next_mirror_is_tried(server, tmp_path):
    urls = [f"{server.url}/{word}" for word in ("missing", "wrong", "full")]
    assert fetch(urls, tmp_path / "a", sha256=SHA256).read_bytes() == BODY
    assert [path for path, *_ in server.asked] == ["/missing", "/wrong", "/full"]


def test_all_mirrors_are_named_with_their_reasons(server, tmp_path):
    urls = [f"{server.url}/missing", "http://127.0.0.1:1/x"]
    with pytest.raises(DataError) as caught:
        fetch(urls, tmp_path / "a", sha256=SHA256)
    text = str(caught.value)
    assert "/missing: HTTP 404 Not Found; http://127.0.0.1:1/x: " in text
    assert "refused" in text
    assert text.endswith(f"Check the network, or put the file at {tmp_path / 'a'} yourself.")


def test_size_is_a_limit(server, tmp_path):
    for word, words in [
        ("longer", r"a file of 1,024,001 bytes instead of 1,024,000"),
        ("endless", r"more than 1,024,000 bytes"),
    ]:
        with pytest.raises(DataError, match=words):
            fetch(f"{server.url}/{word}", tmp_path / "a", sha256=SHA256, size_bytes=len(BODY))
        (tmp_path / "a.part").unlink(missing_ok=True)


def test_stalled_server_times_out_and_the_bytes_are_kept(server, tmp_path):
    start = time.monotonic()
    with pytest.raises(DataError, match="timed out"):
        fetch(f"{server.url}/stall", tmp_path / "a", sha256=SHA256, timeout_s=0.2)
    assert time.monotonic() - start < 5
    assert (tmp_path / "a.part").read_bytes() == BODY[:1000]


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("file:///etc/passwd", "Redirection to url 'file:///etc/passwd' is not allowed"),
        ("data:,x", "Redirection to url 'data:,x' is not allowed"),
        ("ftp://127.0.0.1/a", "a redirect to ftp://127.0.0.1/a, which is neither https nor local"),
        ("http://192.0.2.1/a", "a redirect to http://192.0.2.1/a, which is neither https nor loc"),
    ],
)
def test_redirect_to_anything_but_https_or_this_machine_is_refused(server, tmp_path, target, words):
    with pytest.raises(DataError, match=re.escape(words)):
        fetch(f"{server.url}/to?{target}", tmp_path / "a", sha256=SHA256, timeout_s=1)
    assert not (tmp_path / "a").exists()


def test_local_redirect_is_followed(server, tmp_path):
    fetch(f"{server.url}/to?{server.url}/full", tmp_path / "a", sha256=SHA256)
    assert (tmp_path / "a").read_bytes() == BODY


@pytest.mark.parametrize("variable", ["STRIATE_OFFLINE", "HF_HUB_OFFLINE"])
def test_offline_is_one_sentence_with_the_way_out(server, tmp_path, monkeypatch, variable):
    monkeypatch.setenv(variable, "1")
    words = f"must be allowed to use the network. Got {variable}=1. Unset it, or put the file at "
    with pytest.raises(DataError, match=re.escape(words + str(tmp_path / "a"))):
        fetch(f"{server.url}/full", tmp_path / "a", sha256=SHA256)
    assert server.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/a",
        "file:///a",
        "ftp://h/a",
        "https:///a",
        "http://127.evil.org/",
        "https://[::1",
    ],
)
def test_addresses_are_https_or_local(tmp_path, url):
    with pytest.raises(ArgumentError, match="`urls` must begin with https://, or with http:// and"):
        fetch(url, tmp_path / "a", sha256=SHA256)


def test_every_attempt_says_that_the_holder_is_alive(server, tmp_path):
    """Else a row of silent addresses would outlast the lock."""
    calls = []
    transfer = Transfer(tmp_path / "a.part", None, 5.0, alive=lambda: calls.append(1))
    with pytest.raises(TransferError, match="HTTP 404"):
        transfer.attempt(f"{server.url}/missing")
    assert calls


def test_malformed_sha256(tmp_path):
    with pytest.raises(ArgumentError, match="`sha256` must be 64 hexadecimal digits"):
        fetch("https://example.org/a", tmp_path / "a", sha256="12")


@pytest.mark.parametrize(
    "digest", [Digest("sha256", SHA256[:8].upper()), Digest("md5", hashlib.md5(BODY).hexdigest())]
)
def test_what_a_publisher_names_of_a_hash_is_enough(server, tmp_path, digest):
    fetch(f"{server.url}/cut", tmp_path / "a", digest=digest)
    assert (tmp_path / "a").read_bytes() == BODY
    asked = len(server.asked)
    fetch(f"{server.url}/missing", tmp_path / "a", digest=digest)
    assert len(server.asked) == asked
    (tmp_path / "a").unlink()
    found = hashlib.new(digest.algorithm, BODY[::-1]).hexdigest()
    words = f"a file with {digest.algorithm} {found} instead of {digest.digits}"
    with pytest.raises(DataError, match=words):
        fetch(f"{server.url}/wrong", tmp_path / "a", digest=digest)
    assert names(tmp_path) == []


@pytest.mark.parametrize("both", [{}, {"sha256": SHA256, "digest": Digest("sha256", SHA256)}])
def test_exactly_one_hash_is_given(tmp_path, both):
    with pytest.raises(ArgumentError, match="`sha256` must be given, or digest instead"):
        fetch("https://example.org/a", tmp_path / "a", **both)


def test_unwritable_place_is_one_sentence(server, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(DataError, match=r"must be writable at .* STRIATE_CACHE"):
        fetch(f"{server.url}/full", tmp_path / "file" / "a", sha256=SHA256)


def test_full_disk_is_one_sentence_and_the_next_call_resumes(server, tmp_path, monkeypatch):
    real = os.fsync

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DataError, match=r"Got No space left on device\. Free space"):
        fetch(f"{server.url}/full", tmp_path / "a", sha256=SHA256)
    monkeypatch.setattr(os, "fsync", real)
    fetch(f"{server.url}/full", tmp_path / "a", sha256=SHA256)
    assert names(tmp_path) == ["a"]


def _fetch_in_process(url, path):
    fetch(url, path, sha256=SHA256)


def test_two_processes_fetch_once(server, tmp_path):
    context = multiprocessing.get_context("fork")
    arguments = (f"{server.url}/slow", tmp_path / "a")
    workers = [context.Process(target=_fetch_in_process, args=arguments) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    assert len(server.asked) == 1
    assert (tmp_path / "a").read_bytes() == BODY
    assert names(tmp_path) == ["a"]
