"""Long documents are sent as they are made, in each coding, kept where they are small, and not made for nobody."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pyoxigraph import RdfFormat, parse

from missiongraph.build import build_publication
from missiongraph.dataset import read_dataset
from missiongraph.documents import BLOCK
from missiongraph.publication import Publication
from tests.conftest import serving
from tests.processes import needs_proc, processor_seconds, server_of, descendants
from tests.web.front.test_encodings import DECODERS
from tests.web.front.test_front import CODINGS, raw

BASE = "https://example.org/id/"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
MANY = 2 * BLOCK


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A server of a thing that names many."""
    folder = tmp_path_factory.mktemp("hub")
    (folder / "data").mkdir()
    (folder / "missiongraph.toml").write_text('title = "Hub"\nbase = "https://example.org/"\n')
    things = [f"<{BASE}thing/{number}>" for number in range(MANY)]
    lines = [f'<{BASE}hub> <{BASE}has> {thing} .\n{thing} {LABEL} "Thing" .\n' for thing in things]
    (folder / "data" / "hub.nt").write_text("".join(lines))
    with serving(build_publication(read_dataset(Publication.open(folder)), folder / "out")) as client:
        yield client


@pytest.mark.parametrize("coding", CODINGS)
def test_a_long_document_is_whole_in_every_coding_and_the_same_from_the_cache(hub: httpx.Client, coding: str) -> None:
    headers = {"Accept-Encoding": coding}
    head, nothing = raw(hub, "HEAD", "/doc/hub.nt", **headers)
    first, body = raw(hub, "GET", "/doc/hub.nt", **headers)
    again, kept = raw(hub, "GET", "/doc/hub.nt", **headers)
    assert nothing == b"" and kept == body
    text = DECODERS.get(coding, bytes)(body) if coding != "zstd" else unpacked(body)
    assert len(set(parse(text, RdfFormat.N_TRIPLES))) == 2 * MANY
    for answer in (head, first, again):
        assert answer.headers.get("Content-Encoding", "identity") == coding
        assert answer.headers["ETag"] == first.headers["ETag"]
        assert answer.headers["Vary"] == first.headers["Vary"] == "Accept-Encoding"
    assert ("Content-Length" in again.headers) == (len(body) < 1 << 20)  # what is that small is kept
    unchanged, nothing = raw(hub, "GET", "/doc/hub.nt", **headers, **{"If-None-Match": first.headers["ETag"]})
    assert (unchanged.status_code, nothing) == (304, b"")


def unpacked(body: bytes) -> bytes:
    """A frame of zstd that does not say how long it will be."""
    import zstandard

    return zstandard.ZstdDecompressor().decompressobj().decompress(body)


def test_the_tags_of_the_codings_differ(hub: httpx.Client) -> None:
    tags = {raw(hub, "HEAD", "/doc/hub.ttl", **{"Accept-Encoding": c})[0].headers["ETag"] for c in CODINGS}
    assert len(tags) == len(CODINGS)
