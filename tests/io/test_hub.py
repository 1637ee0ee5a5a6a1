"""The hub is a server on this machine; huggingface-hub reads its address when it is imported."""

import hashlib
import json
import os
import subprocess
import sys

import pytest

from striate.errors import DataError, MissingExtraError
from striate.io.hub import hub_file
from tests.weights.file_server import serving

BODY = b"0123456789" * 1000
SHA256 = hashlib.sha256(BODY).hexdigest()
PATH = "/timm/x/resolve/main/model.safetensors"
CODE = """
import json
from striate.io.hub import hub_file
from striate.weights.bringing import bring
from striate.weights.records import Hub, PublishedWeights
from striate.records import Preprocess
said = {}
for repo, file in (("timm/x", "model.safetensors"), ("timm/x", "config.json"), ("no/repo", "a")):
    try:
        found = hub_file(repo, file)
        said[repo + file] = [found.url, str(found.digest), found.size_bytes]
    except Exception as error:
        said[repo + file] = [type(error).__name__, str(error)]
preprocess = Preprocess(size=224, channels=3)
record = PublishedWeights("resnet18", "x", "timm", "timm", Hub("timm/x"), "MIT", preprocess)
said["path"] = str(bring(record))
print(json.dumps(said))
"""


def test_the_hub_says_what_its_file_is_and_it_is_fetched_and_checked(tmp_path):
    pytest.importorskip("huggingface_hub")
    small = "/timm/x/resolve/main/config.json"
    with serving({PATH: BODY, small: b"{}"}) as server:
        commit = ("X-Repo-Commit", "a" * 40)
        server.headers[PATH] = [
            commit,
            ("X-Linked-ETag", f'"{SHA256}"'),
            ("X-Linked-Size", str(len(BODY))),
            ("ETag", '"x"'),
        ]
        server.headers[small] = [commit, ("ETag", '"0123456789"')]
        kept = {n: v for n, v in os.environ.items() if not n.startswith(("HF_", "STRIATE_OFF"))}
        environment = kept | {"HF_ENDPOINT": server.url, "STRIATE_CACHE": str(tmp_path)}
        run = subprocess.run(
            [sys.executable, "-c", CODE], capture_output=True, text=True, env=environment
        )
        assert run.returncode == 0, run.stderr
        said = json.loads(run.stdout)
        url = f"{server.url}{PATH}"
    assert said["timm/xmodel.safetensors"] == [url, f"sha256 {SHA256}", len(BODY)]
    assert said["timm/xconfig.json"][0] == "DataError"
    assert "must state the sha256 of config.json. Got '0123456789'" in said["timm/xconfig.json"][1]
    assert said["no/repoa"][0] == "DataError"
    assert said["no/repoa"][1].startswith(
        'Hugging Face Hub "no/repo": must have a at revision main'
    )
    path = tmp_path / "weights" / "timm--x" / "model.safetensors"
    assert said["path"] == str(path)
    assert path.read_bytes() == BODY


def test_offline(monkeypatch):
    monkeypatch.setenv("STRIATE_OFFLINE", "yes")
    words = (
        r'Hub "timm/x": must be allowed to use the network\. Got STRIATE_OFFLINE=yes\. '
        r"Unset it\. Fetch the file yourself, and give its path\."
    )
    with pytest.raises(DataError, match=words):
        hub_file("timm/x", "model.safetensors")


def test_without_the_package(monkeypatch):
    monkeypatch.delenv("STRIATE_OFFLINE", raising=False)
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    words = (
        r'Hugging Face Hub "timm/x": the package `huggingface-hub` must be installed\. Got none\. '
        r"Run: pip install 'striate\[hub\]'"
    )
    with pytest.raises(MissingExtraError, match=words):
        hub_file("timm/x", "model.safetensors")
