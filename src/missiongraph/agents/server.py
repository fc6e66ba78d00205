"""The MCP server: the tools, resources and prompts by which an agent asks a publication. It uses the official SDK."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ToolError
from mcp_types import ToolAnnotations

from missiongraph.agents.answers import Answers
from missiongraph.agents.small_json import Json, written
from missiongraph.api.publication import Publication
from missiongraph.errors import MissiongraphError

#: What an agent reads first.
INSTRUCTIONS = """{title}: facts, each with the words of the source that it rests on.
1. find(text) gives IRIs by name. 2. describe(thing) is its card; facts(thing, property) gives all words and sources.
3. schema() and examples() come before query(sparql), which is SPARQL 1.1, read-only and bounded.
4. check(sentence) compares a sentence with the facts. Cite the IRI of the thing and the source. What is not here is
unknown, not false. An answer that was cut says so in left_out, and next names the next call."""

_READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)


def make_server(answers: Answers, publication: Publication) -> MCPServer[Any]:
    """The server that gives *answers* about *publication*."""
    from missiongraph import __version__

    instructions = INSTRUCTIONS.format(title=publication.title())
    server: MCPServer[Any] = MCPServer(
        "missiongraph",
        title=publication.title(),
        instructions=instructions,
        version=__version__,
        website_url=publication.base,
        log_level="WARNING",
    )
    _add_tools(server, answers)
    _add_resources(server, answers)
    _add_prompts(server)
    return server


def _add_tools(server: MCPServer[Any], answers: Answers) -> None:
    def find(text: str, kind: str = "", language: str = "", most: int = 5) -> str:
        """Find things by name; spelling mistakes are fine. Gives IRIs.

        kind: a class such as schema:City. language: of names, such as en or it.
        """
        return written(answers.find(text, kind, language, most))

    def describe(thing: str, language: str = "") -> str:
        """The card of a thing: name, classes, facts with a few words of their evidence, and sources; at most 4 KB.

        thing: an IRI, a prefixed name, or a path such as id/city/bologna.
        """
        return written(answers.describe(thing, language))

    def facts(thing: str, property: str = "", language: str = "", skip: int = 0) -> str:
        """The facts of a thing with all words, claims and sources.

        property: only this one, such as mg:labelledOn; then also what names the thing by it. skip: for the next page.
        """
        return written(answers.facts(thing, property, language, max(0, skip)))

    def schema(kind: str = "") -> str:
        """The classes with counts, the prefixes, and what goes wrong in queries; at most 4 KB.

        kind: a class such as schema:City, to get its properties with counts and examples.
        """
        return written(answers.card.schema(kind))

    def query(sparql: str, most: int = 50) -> str:
        """Answer a SPARQL 1.1 query: SELECT, ASK, CONSTRUCT or DESCRIBE. Read-only, bounded in time and size.

        The prefixes of schema() need no declaration. most: rows to give back, 200 at most.
        """
        return written(answers.query(sparql, most))

    def check(sentence: str, language: str = "") -> str:
        """Does the graph say this sentence, and by which words? One short sentence that names its things.

        The verdict compares names, days, numbers and words; read the facts before you rely on it.
        """
        return written(answers.check(sentence, language))

    def examples(about: str = "", language: str = "") -> str:
        """Questions that the publication answers, each with a tested query.

        about: words to narrow by, or the name of one to get its query.
        """
        return written(answers.examples(about, language))

    for tool in (find, describe, facts, schema, query, check, examples):
        server.add_tool(_told(tool, ToolError), annotations=_READS, structured_output=False)


def _add_resources(server: MCPServer[Any], answers: Answers) -> None:
    card = answers.card

    def as_resource(uri: str, name: str, description: str, made: Callable[..., Json]) -> None:
        def read() -> str:
            return written(made())

        server.resource(uri, name=name, description=description, mime_type="application/json")(
            _told(read, ResourceError)
        )

    as_resource("missiongraph://schema", "schema", "The classes, prefixes and pitfalls", lambda: card.schema(""))
    as_resource("missiongraph://ontology", "ontology", "The terms in use, in words", card.terms)
    as_resource("missiongraph://examples", "examples", "The tested questions", lambda: answers.examples("", ""))

    def example(name: str) -> str:
        return written(answers.examples(name, ""))

    server.resource(
        "missiongraph://examples/{name}",
        name="example",
        description="A tested question with its query",
        mime_type="application/json",
    )(_told(example, ResourceError))


def _add_prompts(server: MCPServer[Any]) -> None:
    @server.prompt(description="Answer a question from the graph, with the words and sources of each fact.")
    def answer_with_sources(question: str) -> str:
        return (
            f"Answer from the tools of missiongraph only: {question}\n"
            "Find the things (find), read their facts with words and sources (describe, facts), and query where you "
            "must count or join (schema, examples, query). After each fact give its source and the IRI of the thing. "
            "If no source says it, say so."
        )

    @server.prompt(description="Hold each sentence of a text against the graph.")
    def check_a_text(text: str) -> str:
        return (
            f"Hold each sentence of this text against the graph with check(sentence):\n\n{text}\n\n"
            "Give a table: the sentence, what the facts say (read them, do not repeat the verdict), the exact words of "
            "the source, the source. What no fact says is “not in the graph”, not false."
        )


def _told(tool: Callable[..., str], kind: type[Exception]) -> Callable[..., str]:
    """The *tool*, whose errors of ours reach the agent in words."""

    @functools.wraps(tool)
    def told(*given: object, **named: object) -> str:
        try:
            return tool(*given, **named)
        except MissiongraphError as error:
            raise kind("\n".join(str(problem) for problem in error.problems)) from None

    return told
