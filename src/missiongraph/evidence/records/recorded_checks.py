"""The checks of claims that a publication has recorded as data (``data/checks/``)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from missiongraph.engine.protocol import Engine, rows
from missiongraph.evidence.verdicts.verdict import VERDICTS, Verdict
from missiongraph.graph.statements_and_labels import values
from missiongraph.vocab import DCTERMS, EARL, MG

_BY_TERM: dict[NamedNode, Verdict] = {MG[verdict]: verdict for verdict in VERDICTS}


@dataclass(frozen=True)
class Recorded:
    """What the check of one day found of a claim.

    :ivar check: the named graph of the check
    :ivar stated: the value of the claim, where a value differs
    :ivar found: the value of the page, where a value differs
    """

    check: NamedNode
    verdict: Verdict
    date: Literal | None = None
    stated: str | None = None
    found: str | None = None


def recorded_checks(engine: Engine, claims: Sequence[NamedNode]) -> dict[NamedNode, tuple[Recorded, ...]]:
    """The recorded checks of each of *claims*, the newest first. A claim without any is left out."""
    if not claims:
        return {}
    text = f"""SELECT ?claim ?check ?date ?verdict ?stated ?found WHERE {{
        VALUES ?claim {{ {values(claims)} }}
        GRAPH ?check {{ ?assertion {EARL.test} ?claim ; {EARL["result"]} ?result . ?result {MG.verdict} ?verdict
            OPTIONAL {{ ?result {MG.statedValue} ?stated }} OPTIONAL {{ ?result {MG.foundValue} ?found }} }}
        OPTIONAL {{ ?check {DCTERMS.created} ?date }} }}"""
    found: dict[NamedNode, list[Recorded]] = defaultdict(list)
    for row in rows(engine, text):
        claim, check, verdict, date = row["claim"], row["check"], row["verdict"], row["date"]
        if not isinstance(claim, NamedNode) or not isinstance(check, NamedNode) or verdict not in _BY_TERM:
            continue
        stated, page = (getattr(row[name], "value", None) for name in ("stated", "found"))
        day = date if isinstance(date, Literal) else None
        found[claim].append(Recorded(check, _BY_TERM[verdict], day, stated, page))
    return {claim: tuple(sorted(checks, key=_newest_first)) for claim, checks in found.items()}


def _newest_first(recorded: Recorded) -> tuple[list[int], str]:
    date = recorded.date.value if recorded.date else ""
    return [-ord(character) for character in date], recorded.check.value
