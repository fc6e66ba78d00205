"""What is fuzzed: each target with its inputs, and what must hold for whatever is put in."""

from __future__ import annotations

import json
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import hypothesis
from hypothesis.database import ExampleDatabase
from pyoxigraph import NamedNode

from missiongraph.errors import MissiongraphError
from missiongraph.evidence.pages.read_page import page_of
from missiongraph.publication.guessed_tables import TABLES_DESCRIPTION
from missiongraph.publication.rdf_files import FaultyFile
from missiongraph.publication.settings import FILE_NAME, read_settings
from missiongraph.publication.tables import read_table
from tests.fuzz import files, requests
from tests.fuzz.client import Answer, Client, Request
from tests.fuzz.requests import MARK

#: Limits of the server that is asked: processor time of a query, and time on the clock until its answer is complete.
SECONDS, TOTAL_SECONDS = 1, 3

#: Bytes of an answer that are made before the first is sent; what fails later cuts the connection (docs/sparql.md).
AT_ONCE = 1_000_000

#: Seconds that an answer may take beyond its limits on a machine that is busy, and those that a file may take at all.
LATE, FILE_SECONDS = 10.0, 20.0


@dataclass(frozen=True)
class Target:
    """What is fuzzed.

    :ivar inputs: makes inputs
    :ivar outcome: what came of an input, in a word; it raises ``AssertionError`` for what must not come
    :ivar share: of all inputs, how many are for this target, in parts of the sum of all shares
    """

    name: str
    inputs: hypothesis.strategies.SearchStrategy[Any]
    outcome: Callable[[Any], str]
    share: int


@dataclass
class Found:
    """What a run of a target found: how often each outcome came, how long the longest took, and the failures."""

    outcomes: Counter[str] = field(default_factory=Counter)
    longest: float = 0.0
    failures: list[str] = field(default_factory=list)


def run(target: Target, count: int, database: ExampleDatabase | None = None) -> Found:
    """Try *count* inputs: the same each time without a *database*, else first those that failed before."""
    found = Found()

    @hypothesis.settings(
        max_examples=count,
        database=database,
        derandomize=database is None,
        deadline=None,
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=set(hypothesis.Phase) - {hypothesis.Phase.explain},
    )
    @hypothesis.given(target.inputs)
    def tried(sent: Any) -> None:
        started = time.monotonic()
        outcome = target.outcome(sent)
        found.outcomes[outcome] += 1
        found.longest = max(found.longest, time.monotonic() - started)

    try:
        tried()
    except ExceptionGroup as group:
        found.failures += [_told(error) for error in group.exceptions]
    except Exception as error:  # whatever it is, it is what was looked for
        found.failures.append(_told(error))
    return found


def _told(error: Exception) -> str:
    return "\n".join([f"{type(error).__name__}: {error}", *getattr(error, "__notes__", [])])


def of_files(folder: Path) -> list[Target]:
    """Readers of files: they read, or refuse with an error of ours, which tells what is wrong."""
    return [
        Target("saved HTML", files.saved_html, _refused_or(_read_page), 30),
        Target("saved PDF", files.saved_pdfs, _refused_or(_read_page), 15),
        Target("tables and their descriptions", files.described_tables(), _refused_or(_tables_in(folder)), 15),
        Target("settings", files.settings_files, _refused_or(_settings_in(folder)), 15),
    ]


def of_server(client: Client, where: str = "") -> list[Target]:
    """The server of *client*: it answers, never with an error of its own, in time, and repeats no markup."""
    return [
        Target(f"query strings{where}", requests.query_strings(), _answered(client, ()), 10),
        Target(f"Accept and other headers{where}", requests.accepts(), _answered(client, ()), 10),
        Target(f"IRIs in paths{where}", requests.iris_in_paths(), _answered(client, ()), 10),
        Target(f"reconciliation bodies{where}", requests.reconciliation(), _answered(client, ()), 7),
        Target(f"SPARQL{where}", requests.sparql_queries(), _answered(client, (503, 504)), 15),
    ]


def _answered(client: Client, deliberate: tuple[int, ...]) -> Callable[[Request], str]:
    """Send a request and judge its answer; *deliberate* are the errors of a server that it may give."""

    def outcome(request: Request) -> str:
        answer = client.ask(request)
        if answer is None:
            assert not request.is_http, "closed without an answer"
            return "closed"
        assert answer.status < 500 or answer.status in deliberate, f"{answer.status}: {answer.body[:300]!r}"
        assert answer.seconds < TOTAL_SECONDS + LATE, f"{answer.seconds:.1f} s"
        assert not answer.header("x-fuzz"), "a header was smuggled in"
        if answer.header("content-type").startswith("text/html"):
            assert MARK.encode() not in answer.body, "markup that was sent stands in the page"
        return f"{answer.status}{_end_of(answer)}"

    return outcome


def _end_of(answer: Answer) -> str:
    """What is told of the end of an answer: only a long one may be cut, or one at a limit."""
    if answer.whole:
        if not answer.header("content-encoding") and answer.header("content-type").startswith(
            ("application/json", "application/sparql-results+json")
        ):
            json.loads(answer.body)
        return ""
    assert answer.seconds >= SECONDS or len(answer.body) >= AT_ONCE, f"cut after {len(answer.body)} bytes"
    return " cut at a limit"


def _refused_or(read: Callable[[Any], str]) -> Callable[[Any], str]:
    def outcome(sent: Any) -> str:
        with _within(FILE_SECONDS):
            try:
                return read(sent)
            except (MissiongraphError, FaultyFile) as error:
                assert str(error).strip(), "a refusal without a word"
                return "refused"

    return outcome


def _read_page(data: bytes) -> str:
    page = page_of(data)
    assert len(page.digests) <= len(page.passages)
    return "read" if page.passages else "empty"


def _tables_in(folder: Path) -> Callable[[tuple[bytes, bytes]], str]:
    table = folder / "cities.csv"

    def read(sent: tuple[bytes, bytes]) -> str:
        (folder / TABLES_DESCRIPTION).write_bytes(sent[0])
        table.write_bytes(sent[1])
        return "read" if read_table(table, "data/cities.csv", NamedNode("https://example.org/graph")).quads else "empty"

    return read


def _settings_in(folder: Path) -> Callable[[bytes], str]:
    def read(sent: bytes) -> str:
        (folder / FILE_NAME).write_bytes(sent)
        assert read_settings(folder / FILE_NAME).stem
        return "read"

    return read


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    """Raise an ``AssertionError`` in the block if it takes longer."""

    def late(number: int, frame: FrameType | None) -> None:
        raise AssertionError(f"not done after {seconds:g} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
