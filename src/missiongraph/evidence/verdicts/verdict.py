"""The five verdicts of a check on a claim."""

from __future__ import annotations

from typing import Literal

#: What a check can find of the words of a claim: unchanged at their place (*supported*), unchanged at another place
#: (*moved*), in another writing (*changed*), against the claim (*contradicted*), or not there (*gone*).
Verdict = Literal["supported", "moved", "changed", "contradicted", "gone"]

#: The verdicts in order; of several findings of one claim, the last in this order is its verdict.
VERDICTS: tuple[Verdict, ...] = ("supported", "moved", "changed", "gone", "contradicted")

#: The verdicts with which a check fails.
ACCUSING = frozenset(("contradicted", "gone"))
