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
    compressible = media_type.startswith(_COMPRESSIBLE) and not media_type.startswith(_PACKED)
    if coding is None or len(body) < _SHORTEST or not compressible:
        return body, None
    return _CODINGS[coding](body), coding
