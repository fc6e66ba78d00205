"""The tables of docs/validation.md: ``python -m tests.conformance.shacl_report`` (with MISSIONGRAPH_SUITES)."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator

from tests.conformance.shacl_cases import CASES, answer
from tests.conformance.test_shacl import EXCEPTIONS, TESTS, outcome
from tests.validation.shacl.validators import VALIDATORS


def lines() -> Iterator[str]:
    """Both tables in Markdown."""
    passed = {name: Counter(_group(test.name) for test in TESTS if _passes(test, name)) for name in VALIDATORS}
    yield f"| published tests | number | {' | '.join(VALIDATORS)} |"
    yield f"|---|--:|{'--:|' * len(VALIDATORS)}"
    for group, number in sorted(Counter(_group(test.name) for test in TESTS).items()):
        yield f"| {group} | {number} | {' | '.join(str(passed[name][group]) for name in VALIDATORS)} |"
    totals = " | ".join(str(sum(passed[name].values())) for name in VALIDATORS)
    yield f"| **all** | {len(TESTS)} | {totals} |"
    yield ""
    for name in VALIDATORS:
        for test, reason in EXCEPTIONS[name].items():
            yield f"- {name} does not pass `{test.removeprefix('shacl/')}`: {reason}."
    yield ""
    yield f"| case | what the specification says | {' | '.join(VALIDATORS)} |"
    yield f"|---|---|{'---|' * len(VALIDATORS)}"
    for case in CASES:
        answers = (answer(case, name) for name in VALIDATORS)
        shown = " | ".join("right" if given == case.expected else _shown(given) for given in answers)
        yield f"| {case.name} | {case.says} | {shown} |"


def _group(name: str) -> str:
    return "/".join(name.split("/")[1:3])


def _passes(test: object, validator: str) -> bool:
    try:
        got, expected = outcome(test, validator)  # type: ignore[arg-type]  # an entry of the suite
    except Exception:  # of any kind: the validator gives no answer
        return False
    return got == expected


def _shown(given: tuple[str, ...] | str | None) -> str:
    if given is None:
        return "a failure"
    if isinstance(given, str):
        return f"stops with `{given}`"
    return f"reports {' and '.join(given)}" if given else "reports nothing"


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    print("\n".join(lines()))
