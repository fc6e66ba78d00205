"""``python -m tests.conformance.sparql.report``: how many tests of each group pass, as Markdown."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path

from tests.conformance.sparql.cases import Case, cases
from tests.conformance.sparql.comparison import Likeness
from tests.conformance.sparql.data import build
from tests.conformance.sparql.endpoint import Endpoint, ours, oxigraph
from tests.conformance.sparql.exceptions import EXCEPTIONS
from tests.conformance.sparql.run import run

Outcomes = dict[str, Likeness]


def main() -> None:
    """Run all tests against our server, and against Oxigraph's where one is named, and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--oxigraph", metavar="COMMAND", help="also run against the server of Oxigraph (on PyPI)")
    arguments = parser.parse_args()
    if not cases():
        sys.exit("the published suites are not here: MISSIONGRAPH_SUITES names no folder")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        made = build(cases(), Path(folder))
        servers = {"missiongraph": stack.enter_context(ours(made))}
        if arguments.oxigraph:
            servers["oxigraph serve"] = stack.enter_context(oxigraph(arguments.oxigraph, made))
        found = {name: outcomes(server) for name, server in servers.items()}
    print("\n".join(document(found)))


def outcomes(server: Endpoint) -> Outcomes:
    """How each test went, by its name."""
    return {case.name: _outcome(case, server) for case in cases()}


def _outcome(case: Case, server: Endpoint) -> Likeness:
    try:
        return run(case, server)
    except Exception:  # a failure of any kind is one
        return Likeness.NONE


def document(found: dict[str, Outcomes]) -> Iterator[str]:
    """The lines of the report."""
    yield from _counts(found)
    yield from ("", "Tests that do not pass:", "", "| tests | reason |", "|---|---|")
    for reason, names in groupby(EXCEPTIONS, key=lambda name: EXCEPTIONS[name]):
        yield f"| {', '.join(f'`{name}`' for name in names)} | {reason} |"
    (first, own), *others = found.items()
    unexplained = [name for name, outcome in own.items() if (outcome is Likeness.NONE) != (name in EXCEPTIONS)]
    if unexplained:
        yield f"\n**Not as the table says:** {', '.join(f'`{name}`' for name in unexplained)}"
    for other, theirs in others:
        for winner, loser, name in ((first, theirs, other), (other, own, first)):
            won = [test for test in loser if loser[test] is Likeness.NONE and found[winner][test] is not Likeness.NONE]
            yield f"\nPassed by {winner} and not by {name}: {', '.join(f'`{test}`' for test in won) or 'none'}."
    by_value = [name for name, outcome in own.items() if outcome is Likeness.VALUE]
    yield f"\nPassed by value only: {', '.join(f'`{name}`' for name in by_value)}."


def _counts(found: dict[str, Outcomes]) -> Iterator[str]:
    yield f"| group | tests | {' | '.join(found)} | by value only |"
    yield f"|---|--:|{'--:|' * len(found)}--:|"
    ordered = sorted(cases(), key=_place)
    groups = [(group, list(tests)) for group, tests in groupby(ordered, key=lambda case: case.group)]
    for group, tests in (*groups, ("**all**", ordered)):
        names = [case.name for case in tests]
        passed = [sum(outcomes[name] is not Likeness.NONE for name in names) for outcomes in found.values()]
        by_value = sum(next(iter(found.values()))[name] is Likeness.VALUE for name in names)
        yield f"| {group} | {len(names)} | {' | '.join(map(str, passed))} | {by_value} |"


def _place(case: Case) -> str:
    return case.group.replace("1.0", "1.1z")  # 1.1 first, then 1.0, then 1.2


if __name__ == "__main__":
    main()
