"""The MCP server, asked by the client of the official SDK: over standard input and output, and over HTTP."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from missiongraph.build import Build
from tests.conftest import BEER, ROOT, free_port, missiongraph

mcp = pytest.importorskip("mcp")

TRANSCRIPT = (ROOT / "docs" / "agents.md").read_text("utf-8")


def asked(server: object, work: Callable[[Any], Awaitable[Any]]) -> Any:
    """What *work* makes of a client of *server*."""

    async def run() -> Any:
        async with mcp.Client(server) as client:
            return await work(client)

    return asyncio.run(run())


def over_stdio(*arguments: str) -> object:
    command = ["-m", "missiongraph", "mcp", *arguments]
    return mcp.StdioServerParameters(command=sys.executable, args=command, env=dict(os.environ))


def text_of(result: Any) -> str:
    (content,) = result.content
    return str(content.text)


async def follows_the_transcript(client: Any) -> None:
    """Make the calls of the documentation, and compare the answers with those beneath them."""
    calls = re.findall(r"^```json call\n(.*?)\n```\n\n```json answer\n(.*?)\n```", TRANSCRIPT, re.DOTALL | re.MULTILINE)
    assert len(calls) >= 5
    for call, answer in calls:
        asks = json.loads(call)
        result = await client.call_tool(asks["name"], asks["arguments"])
        assert json.loads(text_of(result)) == json.loads(answer), call


def test_an_agent_asks_over_standard_input_and_output(shipped_build: Build) -> None:
    async def work(client: Any) -> None:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(tools) == {"find", "describe", "facts", "schema", "query", "check", "examples"}
        for tool in tools.values():
            assert tool.description and len(tool.description) < 400
            assert tool.annotations.read_only_hint
            assert f"`{tool.name}" in TRANSCRIPT
        found = json.loads(text_of(await client.call_tool("find", {"text": "Bolonga"})))
        card = json.loads(text_of(await client.call_tool("describe", {"thing": found["found"][0]["iri"]})))
        assert card["name"] == "Bologna" and card["sources"]
        resources = {str(one.uri) for one in (await client.list_resources()).resources}
        assert resources == {f"missiongraph://{name}" for name in ("schema", "ontology", "examples")}
        for uri in (*resources, "missiongraph://examples/grants"):
            (content,) = (await client.read_resource(uri)).contents
            assert json.loads(content.text)
        prompts = {one.name: one for one in (await client.list_prompts()).prompts}
        assert set(prompts) == {"answer_with_sources", "check_a_text"}
        prompt = await client.get_prompt("answer_with_sources", {"question": "Who leads Let’s GOv?"})
        assert "Who leads Let’s GOv?" in prompt.messages[0].content.text
        await follows_the_transcript(client)

    asked(over_stdio("--build", str(shipped_build.folder)), work)


@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        ("describe", {"thing": "id/city/bolonga"}, "the nearest by name is https://w3id.org/missiongraph/id/city/bologna"),
        ("query", {"sparql": "DELETE WHERE { ?s ?p ?o }"}, "not a SPARQL 1.1 query"),
        ("query", {"sparql": "SELECT * { SERVICE <http://127.0.0.1/> { } }"}, "SERVICE"),
        ("find", {}, "text"),
        ("check", {"sentence": "x" * 600}, "at most 500 characters"),
    ],
)  # fmt: skip
def test_bad_input_is_told_in_words(shipped_build: Build, tool: str, arguments: dict[str, str], says: str) -> None:
    import missiongraph as mg
    from missiongraph.agents.answers import Answers
    from missiongraph.agents.server import make_server

    async def work(client: Any) -> Any:
        return await client.call_tool(tool, arguments)

    with mg.open(shipped_build.folder) as publication:
        result = asked(make_server(Answers(publication), publication), work)
    assert result.is_error
    assert says in text_of(result)


def test_an_agent_asks_over_http_and_of_a_site_elsewhere(site: httpx.Client) -> None:
    port = free_port()
    command = [sys.executable, "-m", "missiongraph", "mcp", "--site", str(site.base_url), "--http", str(port)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(300):
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except OSError:
                    time.sleep(0.1)

            async def work(client: Any) -> None:
                card = json.loads(text_of(await client.call_tool("describe", {"thing": "id/city/prato"})))
                assert card["name"] == "Prato"
                said = json.loads(
                    text_of(await client.call_tool("check", {"sentence": "Prato takes part in LETs GOv"}))
                )
                assert said["verdict"] == "stated"

            asked(f"http://127.0.0.1:{port}/mcp", work)
            stranger = httpx.post(f"http://127.0.0.1:{port}/mcp", headers={"Host": "evil.example"}, json={}, timeout=10)
            assert stranger.status_code == 421  # a page of another name may not reach it (DNS rebinding)
        finally:
            process.terminate()
            process.wait()


def test_the_command_refuses_two_places_and_a_site_that_is_down() -> None:
    both = missiongraph("mcp", "--publication", BEER, "--site", "http://127.0.0.1:1/")
    assert (both.returncode, "give one of" in both.stderr) == (2, True)
    down = missiongraph("mcp", "--site", f"http://127.0.0.1:{free_port()}/")
    assert (down.returncode, "does not answer" in down.stderr) == (2, True)
