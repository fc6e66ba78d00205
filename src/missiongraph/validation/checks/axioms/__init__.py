"""A check of the data against the axioms of the publication's ontology (OWL 2 RL)."""

from missiongraph.validation.checks.axioms.check import check_axioms

__all__ = ["check_axioms"]
