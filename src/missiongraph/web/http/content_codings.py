"""Content codings: choose one by ``Accept-Encoding``, and compress bodies in it."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from functools import lru_cache

import brotli
import zstandard
from werkzeug.http import parse_accept_header

#: Least size in bytes of a body that is compressed. A smaller one fits into one packet anyway.
_SHORTEST = 600

#: Beginnings of media types that compression makes smaller.
_COMPRESSIBLE = ("text/", "application/", "image/svg+xml")
_PACKED = ("application/gzip", "application/zstd")


def _gzip(body: bytes) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


_CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: bytes(brotli.compress(body, quality=5)),
    "zstd": lambda body: zstandard.ZstdCompressor(level=6).compress(body),
    "gzip": _gzip,
}


@lru_cache(256)
def coding_for(accept_encoding: bytes) -> str | None:
    """The coding of ours that ``Accept-Encoding`` prefers; ``None`` stands for identity (RFC 9110, section 12.5.3)."""
    if not accept_encoding:
        return None
    accept = parse_accept_header(accept_encoding.decode("latin-1"))
    liked = {coding: accept.quality(coding) for coding in _CODINGS}
    best = max(liked, key=lambda coding: liked[coding])
    return best if liked[best] > 0 and liked[best] >= accept["identity"] else None


def encode(body: bytes, coding: str | None, media_type: str) -> tuple[bytes, str | None]:
    """*body* in *coding* and the coding used: ``None``, with the body as it is, if compression is of no use."""
    if coding is None or len(body) < _SHORTEST or not _compressible(media_type):
        return body, None
    return _CODINGS[coding](body), coding


def _compressible(media_type: str) -> bool:
    return media_type.startswith(_COMPRESSIBLE) and not media_type.startswith(_PACKED)


class Encoder:
    """Compresses a body piece by piece. What has come out so far can be decompressed to all that has gone in.

    :ivar coding: the coding of the output; ``None`` for identity
    """

    def __init__(self, coding: str | None, media_type: str) -> None:
        """:param coding: the coding that the client prefers

        :param media_type: of the body; one that compression does not make smaller is left as it is
        """
        self.coding = coding if _compressible(media_type) else None
        self._zlib = zlib.compressobj(6, zlib.DEFLATED, 16 + zlib.MAX_WBITS) if self.coding == "gzip" else None
        self._brotli = brotli.Compressor(quality=5) if self.coding == "br" else None
        self._zstd = zstandard.ZstdCompressor(level=6).compressobj() if self.coding == "zstd" else None

    def add(self, piece: bytes) -> bytes:
        """The output for *piece*."""
        if self._zlib is not None:
            return self._zlib.compress(piece) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
        if self._brotli is not None:
            return bytes(self._brotli.process(piece) + self._brotli.flush())
        if self._zstd is not None:
            return self._zstd.compress(piece) + self._zstd.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
        return piece

    def end(self) -> bytes:
        """The last bytes of the output."""
        if self._zlib is not None:
            return self._zlib.flush()
        if self._brotli is not None:
            return bytes(self._brotli.finish())
        return self._zstd.flush() if self._zstd is not None else b""
