"""The hash that a server states of a file, where its publisher names none."""

from __future__ import annotations

import base64
import binascii
import http.client
import urllib.request

from striate import _check, settings
from striate.io.digest import Digest
from striate.io.transfer import TransferError, allowed, opener

__all__ = ["stated_digest"]


def stated_digest(url: str, *, timeout_s: float = 30.0) -> Digest:
    """Asks a server for the md5 of a file, as Google's store states it in `x-goog-hash`.

    It guards against a damaged download, and trusts the server as https does.

    Args:
        url: https, or http to this machine itself.
        timeout_s: seconds that the other side may be silent. Default 30.

    Raises:
        DataError: the network is not allowed, the server does not answer, or states no md5.
        ArgumentError: an address that is neither https nor local.
    """
    place = f'Download of "{url.rpartition("/")[2]}"'
    fix = "Fetch the file yourself, and give its path."
    if not allowed(url):
        rule = "begin with https://, or with http:// and name this machine"
        _check.fail("stated_digest", "url", rule, url)
    if setting := settings.offline():
        _check.data_fail(place, "be allowed to use the network", setting, f"Unset it. {fix}")
    request = urllib.request.Request(url, headers={"User-Agent": "striate"}, method="HEAD")
    try:
        with opener(url).open(request, timeout=timeout_s) as response:
            lines = response.headers.get_all("x-goog-hash") or []
    except (OSError, TransferError, http.client.HTTPException, ValueError) as error:
        _check.data_fail(place, "be had from its address", f"{url}: {error}", fix)
    for part in ",".join(lines).split(","):
        name, _, value = part.strip().partition("=")
        if name == "md5" and (digits := _digits(value)):
            return Digest("md5", digits)
    rule = "come with its md5, as its publisher names no hash"
    _check.data_fail(place, rule, f"none from {url}", fix)


def _digits(value: str) -> str | None:
    """The 32 digits of 16 bytes in base64."""
    try:
        found = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return None
    return found.hex() if len(found) == 16 else None
