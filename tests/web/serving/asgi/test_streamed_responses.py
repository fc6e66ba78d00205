"""Long documents are sent as they are made, in each coding, kept where they are small, and not made for nobody."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, MutableMapping
from typing import Any
from unittest.mock import patch

import httpx
import pytest
from pyoxigraph import RdfFormat, parse

from missiongraph.build import Build, build_publication
from missiongraph.graph import document_blocks as documents
from missiongraph.graph.document_blocks import BLOCK
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication
from missiongraph.rdf.formats import serialise
from missiongraph.web.serving.asgi.current_build import Front
from tests.conftest import serving
from tests.web.http.test_content_codings import DECODERS
from tests.web.serving.asgi.test_current_build import CODINGS, raw

BASE = "https://example.org/id/"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
MANY = 2 * BLOCK


@pytest.fixture(scope="module")
def hub_build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """A thing that names many."""
    folder = tmp_path_factory.mktemp("hub")
    (folder / "data").mkdir()
    (folder / "missiongraph.toml").write_text('title = "Hub"\nbase = "https://example.org/"\n')
    things = [f"<{BASE}thing/{number}>" for number in range(MANY)]
    lines = [f'<{BASE}hub> <{BASE}has> {thing} .\n{thing} {LABEL} "Thing" .\n' for thing in things]
    (folder / "data" / "hub.nt").write_text("".join(lines))
    return build_publication(read_dataset(Publication.open(folder)), folder / "out")


@pytest.fixture(scope="module")
def hub(hub_build: Build) -> Iterator[httpx.Client]:
    """A server of it."""
    with serving(hub_build) as client:
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
    refused, _ = raw(hub, "GET", "/doc/hub.nt?fresh", **headers, **{"If-Match": '"other"'})
    assert refused.status_code == 412


def unpacked(body: bytes) -> bytes:
    """A frame of zstd that does not say how long it will be."""
    import zstandard

    return zstandard.ZstdDecompressor().decompressobj().decompress(body)


def test_the_tags_of_the_codings_differ(hub: httpx.Client) -> None:
    tags = {raw(hub, "HEAD", "/doc/hub.ttl", **{"Accept-Encoding": c})[0].headers["ETag"] for c in CODINGS}
    assert len(tags) == len(CODINGS)


def test_what_is_left_of_a_document_is_not_made_for_one_who_has_left(
    hub_build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "BLOCK", 100)
    front, pieces = Front(hub_build.folder), 2 * MANY // 100

    def slowly(*arguments: Any) -> bytes:
        time.sleep(0.002)
        return serialise(*arguments)

    with patch("missiongraph.rdf.streamed_documents.serialise", side_effect=slowly) as made:
        asyncio.run(_visit(front, leaves=False))
        assert made.call_count > pieces // 2  # all of them
        made.reset_mock()
        asyncio.run(_visit(front, leaves=True))
        assert 0 < made.call_count < pieces // 4


async def _visit(front: Front, *, leaves: bool) -> None:
    """Ask *front* for a long document as a server does, and leave after its first bytes, or not."""
    began = asyncio.Event()
    asked = False

    async def receive() -> dict[str, Any]:
        nonlocal asked
        if not asked:
            asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await began.wait()
        return {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        if leaves and message.get("body"):
            began.set()

    query = b"leaves=1" if leaves else b""  # or the second were answered from the cache
    scope = {"type": "http", "http_version": "1.1", "method": "GET", "path": "/doc/hub.nt", "query_string": query}
    await front({**scope, "headers": [(b"host", b"localhost")]}, receive, send)
