"""Validation of a dataset: all checks of ``validation/checks/`` in one report."""

from __future__ import annotations

from collections.abc import Callable

from missiongraph.processes.garbage_collection import search_paused
from missiongraph.publication.dataset import Dataset
from missiongraph.validation.checks.axioms import check_axioms
from missiongraph.validation.checks.by_shapes import check_shapes
from missiongraph.validation.checks.geometries import check_geometries
from missiongraph.validation.checks.literals import check_literals
from missiongraph.validation.checks.portal_metadata import check_portal
from missiongraph.validation.checks.queries import check_queries
from missiongraph.validation.checks.query_rules import check_rules
from missiongraph.validation.checks.undeclared_terms import check_context, check_terms
from missiongraph.validation.checks.undescribed_agents import check_named
from missiongraph.validation.checks.undescribed_tables import check_tables
from missiongraph.validation.checks.unreachable_iris import check_addresses
from missiongraph.validation.report import Report, Result
from missiongraph.validation.result_positions import located

__all__ = ["Report", "Result", "validate"]

Progress = Callable[[str], None]


def validate(dataset: Dataset, progress: Progress = lambda step: None) -> Report:
    """Check *dataset* against its publication's ontology, shapes, rules, questions and views.

    :param progress: called with the name of each step before it begins
    :raises UnreadableInput: a shapes file or query cannot be read, or a shape is ill-formed
    """
    with search_paused():
        progress("terms of the ontology")
        results = [*check_terms(dataset), *check_context(dataset)]
        progress("literals")
        results += check_literals(dataset)
        progress("shapes")
        results += check_shapes(dataset)
        progress("axioms of the ontology")
        results += check_axioms(dataset)
        progress("graph rules")
        results += check_rules(dataset)
        progress("questions and views")
        results += check_queries(dataset)
        dataset.let_engine_go()
        results += check_tables(dataset)
        progress("geometries")
        results += check_geometries(dataset)
        results += check_named(dataset)
        results += check_addresses(dataset)
        results += check_portal(dataset)
        return Report(tuple(located(dataset, list(dict.fromkeys(results)))))
