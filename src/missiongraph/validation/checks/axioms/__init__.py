"""Data against the axioms of the publication's ontology: what OWL 2 RL contradicts, and what it would infer oddly."""

from missiongraph.validation.checks.axioms.check import check_axioms

__all__ = ["check_axioms"]
