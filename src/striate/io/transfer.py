"""One attempt to bring a file from one address, continuing what an earlier attempt left."""

from __future__ import annotations

import http.client
import ipaddress
import json
import os
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

__all__ = ["Transfer", "TransferError", "allowed", "opener"]

_CHUNK_BYTES = 1 << 18
_CAP_BYTES = 1 << 34


class TransferError(Exception):
    """An address did not give the file: the reason, for the list of a message."""


def allowed(url: str) -> bool:
    """Whether an address may be asked: https anywhere, http on this machine only."""
    try:
        parts = urllib.parse.urlsplit(url)
    except ValueError:
        return False
    secure = parts.scheme == "https" and bool(parts.hostname)
    return secure or (parts.scheme == "http" and _is_loopback(parts.hostname))


def _is_loopback(host: str | None) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows a redirect only to an address that might have been asked directly."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        if not allowed(newurl):
            raise TransferError(f"a redirect to {newurl}, which is neither https nor local")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def opener(url: str) -> urllib.request.OpenerDirector:
    """An opener that knows http and https and nothing else: no file:, ftp: or data:."""
    made = urllib.request.OpenerDirector()
    if not _is_loopback(urllib.parse.urlsplit(url).hostname):
        made.add_handler(urllib.request.ProxyHandler())
    made.add_handler(urllib.request.HTTPHandler())
    made.add_handler(urllib.request.HTTPSHandler())
    made.add_handler(urllib.request.HTTPDefaultErrorHandler())
    made.add_handler(urllib.request.HTTPErrorProcessor())
    made.add_handler(_Redirects())
    return made


@dataclass(frozen=True)
class Transfer:
    """How a file is brought: into which part file, with which limits, and whom to tell.

    Args:
        part: the file that grows; beside it `<part>.from` keeps the address and its version.
        size_bytes: size of the whole file; None where it is not known.
        timeout_s: seconds that the other side may be silent.
        progress: called with the bytes held and the bytes in all (None if not known).
        alive: called at every step.
    """

    part: Path
    size_bytes: int | None
    timeout_s: float
    progress: Callable[[int, int | None], None] | None = None
    alive: Callable[[], None] | None = None

    def held_bytes(self) -> int:
        """How much of the file is there."""
        return self.part.stat().st_size if self.part.is_file() else 0

    def clear(self) -> None:
        """Removes what is there."""
        self.part.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def attempt(self, url: str) -> None:
        """Brings the missing bytes from one address; what came before a failure is kept.

        Raises:
            TransferError: the address did not give the whole file.
            OSError: the part file cannot be written.
        """
        held = self.held_bytes()
        if held and held == self.size_bytes:
            return
        if self.alive is not None:
            self.alive()
        try:
            response = opener(url).open(self._request(url, held), timeout=self.timeout_s)
        except urllib.error.HTTPError as error:
            error.close()
            if error.code == 416 and held:  # nothing is missing, or all of it is wrong
                return
            raise TransferError(f"HTTP {error.code} {error.reason}") from error
        except urllib.error.URLError as error:
            raise TransferError(str(error.reason)) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise TransferError(_reason(error)) from error
        with response:
            self._take(response, url, held)

    @property
    def _note(self) -> Path:
        return self.part.with_name(self.part.name + ".from")

    def _request(self, url: str, held: int) -> urllib.request.Request:
        headers = {"User-Agent": "striate", "Accept-Encoding": "identity"}
        if held:
            headers["Range"] = f"bytes={held}-"
            try:
                note = json.loads(self._note.read_text(encoding="utf-8"))
            except (OSError, ValueError):
                note = None
            if isinstance(note, dict) and note.get("url") == url and note.get("version"):
                headers["If-Range"] = str(note["version"])
        return urllib.request.Request(url, headers=headers)

    def _take(self, response: Any, url: str, held: int) -> None:
        if response.status == 206 and held:
            if not str(response.headers.get("Content-Range")).startswith(f"bytes {held}-"):
                self.clear()
                raise TransferError("an answer about another part of the file")
        else:
            held = 0
            tag = response.headers.get("ETag") or ""
            strong = tag if tag.startswith('"') else response.headers.get("Last-Modified")
            self._note.write_text(json.dumps({"url": url, "version": strong}), encoding="utf-8")
        length = response.headers.get("Content-Length") or ""
        total = held + int(length) if length.isascii() and length.isdigit() else self.size_bytes
        limit = self.size_bytes or _CAP_BYTES
        if total is not None and (total > limit or total != (self.size_bytes or total)):
            raise TransferError(f"a file of {total:,} bytes instead of {limit:,}")
        with open(self.part, "ab" if held else "wb") as file:
            while chunk := _read(response):
                held += len(chunk)
                if held > limit:
                    raise TransferError(f"more than {limit:,} bytes")
                file.write(chunk)
                if self.alive is not None:
                    self.alive()
                if self.progress is not None:
                    self.progress(held, total)
            file.flush()
            os.fsync(file.fileno())
        if total is not None and held < total:
            raise TransferError(f"the connection ended at {held:,} of {total:,} bytes")


def _read(response: Any) -> bytes:
    try:
        return bytes(response.read1(_CHUNK_BYTES))
    except (OSError, http.client.HTTPException) as error:
        raise TransferError(_reason(error)) from error


def _reason(error: BaseException) -> str:
    return str(error) or type(error).__name__
