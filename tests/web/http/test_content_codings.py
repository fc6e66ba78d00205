"""Which content coding a client gets (RFC 9110, section 12.5.3), and that it is the same body in each."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from missiongraph.web.http.content_codings import coding_for, encode

DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    "zstd": lambda body: zstandard.ZstdDecompressor().decompress(body),
}


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", None),
        ("identity", None),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("deflate", None),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip;q=1, br;q=0.5", "gzip"),
        ("zstd, br;q=0.9", "zstd"),
        ("br;q=0", None),
        ("gzip;q=0, br;q=0, zstd;q=0", None),
        ("*", "br"),
        ("*;q=0", None),
        ("br;q=0, *", "zstd"),
        ("br;q=0, *;q=0", None),
        ("gzip;q=0.5, identity", None),
        ("gzip;q=0.5, identity;q=0.4", "gzip"),
        ("gzip, identity;q=0", "gzip"),
        ("identity;q=0", None),  # nothing is acceptable then, and the body as it is the least surprise
        ("identity;q=0, *", "br"),
        ("gzip;q=0.001", "gzip"),
        ("nonsense;;q=", None),
    ],
)
def test_the_client_s_best_coding_is_chosen(accepted: str, coding: str | None) -> None:
    assert coding_for(accepted.encode()) == coding


@given(st.binary(min_size=600, max_size=5000), st.sampled_from(sorted(DECODERS)))
def test_every_coding_holds_the_same_body(body: bytes, coding: str) -> None:
    packed, used = encode(body, coding, "text/turtle; charset=utf-8")
    assert used == coding
    assert DECODERS[coding](packed) == body


@given(st.text(max_size=60))
def test_any_header_is_read(header: str) -> None:
    assert coding_for(header.encode("latin-1", "replace")) in (None, *DECODERS)


@pytest.mark.parametrize(
    ("size", "media_type"),
    [(599, "text/turtle"), (5000, "application/gzip"), (5000, "image/png"), (5000, "font/woff2")],
)
def test_what_packing_would_not_make_smaller_is_sent_as_it_is(size: int, media_type: str) -> None:
    body = bytes(size)
    assert encode(body, "br", media_type) == (body, None)


def test_without_a_coding_a_body_is_sent_as_it_is() -> None:
    assert encode(bytes(5000), None, "text/html") == (bytes(5000), None)
