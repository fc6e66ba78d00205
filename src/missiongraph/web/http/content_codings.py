"""Content codings: which one a client likes, and bodies in it."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from functools import lru_cache

import brotli
import zstandard
from werkzeug.http import parse_accept_header

#: Bodies below this are sent as they are: a packet is a packet.
_SHORTEST = 600

#: Media types that compression makes smaller.
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
    """The coding that the client likes best among ours; ``None``: the body as it is (RFC 9110, section 12.5.3)."""
    if not accept_encoding:
        return None
    accept = parse_accept_header(accept_encoding.decode("latin-1"))
    liked = {coding: accept.quality(coding) for coding in _CODINGS}
    best = max(liked, key=lambda coding: liked[coding])
    return best if liked[best] > 0 and liked[best] >= accept["identity"] else None


def encode(body: bytes, coding: str | None, media_type: str) -> tuple[bytes, str | None]:
    """*body* in *coding*, where that makes sense, and the coding that it is in."""
    if coding is None or len(body) < _SHORTEST or not _compressible(media_type):
        return body, None
    return _CODINGS[coding](body), coding


def _compressible(media_type: str) -> bool:
    return media_type.startswith(_COMPRESSIBLE) and not media_type.startswith(_PACKED)


class Encoder:
    """Packs a body piece by piece; what has been put in can be unpacked from what has come out.

    :ivar coding: of what comes out; ``None``: as it is
    """

    def __init__(self, coding: str | None, media_type: str) -> None:
        """:param coding: the one that the client likes best"""
        self.coding = coding if _compressible(media_type) else None
        self._zlib = zlib.compressobj(6, zlib.DEFLATED, 16 + zlib.MAX_WBITS) if self.coding == "gzip" else None
        self._brotli = brotli.Compressor(quality=5) if self.coding == "br" else None
        self._zstd = zstandard.ZstdCompressor(level=6).compressobj() if self.coding == "zstd" else None

    def add(self, piece: bytes) -> bytes:
        """What *piece* becomes."""
        if self._zlib is not None:
            return self._zlib.compress(piece) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
        if self._brotli is not None:
            return bytes(self._brotli.process(piece) + self._brotli.flush())
        if self._zstd is not None:
            return self._zstd.compress(piece) + self._zstd.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
        return piece

    def end(self) -> bytes:
        """What follows the last piece."""
        if self._zlib is not None:
            return self._zlib.flush()
        if self._brotli is not None:
            return bytes(self._brotli.finish())
        return self._zstd.flush() if self._zstd is not None else b""
