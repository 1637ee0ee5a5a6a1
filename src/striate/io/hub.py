"""Where a file of the Hugging Face Hub lies, and what the hub says of its content."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from striate import _check, settings
from striate.errors import MissingExtraError
from striate.io.digest import Digest

__all__ = ["HubFile", "hub_file"]


@dataclass(frozen=True)
class HubFile:
    """A file of the hub.

    Args:
        url: where its bytes are.
        digest: sha256 of the content, as the hub's own records have it.
        size_bytes: of the content.
    """

    url: str
    digest: Digest
    size_bytes: int | None


def hub_file(repo: str, file: str, *, revision: str = "main") -> HubFile:
    """Asks the hub for a file's address, sha256 and size; HF_ENDPOINT and HF_TOKEN are heeded.

    Args:
        repo: "owner/name".
        file: path in the repository.
        revision: a commit, tag or branch. Default "main".

    Raises:
        DataError: the network is not allowed, the hub does not answer, or has no such file, or
            one without a sha256.
        MissingExtraError: huggingface-hub is not installed.
    """
    place = f'Hugging Face Hub "{repo}"'
    fix = "Fetch the file yourself, and give its path."
    if setting := settings.offline():
        _check.data_fail(place, "be allowed to use the network", setting, f"Unset it. {fix}")
    url, found = _asked(place, repo, file, revision, fix)
    if not re.fullmatch("[0-9a-f]{64}", str(found.etag)):
        rule = f"state the sha256 of {file}"
        _check.data_fail(place, rule, repr(found.etag), fix)
    return HubFile(url, Digest("sha256", found.etag), found.size)


def _asked(place: str, repo: str, file: str, revision: str, fix: str) -> tuple[str, Any]:
    try:
        import huggingface_hub
    except ImportError as error:
        raise MissingExtraError(
            f"{place}: the package `huggingface-hub` must be installed. Got none. "
            "Run: pip install 'striate[hub]'"
        ) from error
    url = huggingface_hub.hf_hub_url(repo, file, revision=revision)
    try:
        return url, huggingface_hub.get_hf_file_metadata(url, timeout=30)
    except Exception as error:  # the hub's own errors, and those of the library beneath it
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        _check.data_fail(place, f"have {file} at revision {revision}", reason, fix)
