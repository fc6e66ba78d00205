"""Validation of a dataset: shapes, rules, terms, geometries, addresses, and what portals will miss, in one report."""

from __future__ import annotations

from collections.abc import Callable

from missiongraph.dataset import Dataset
from missiongraph.validation.addresses import check_addresses
from missiongraph.validation.geometries import check_geometries
from missiongraph.validation.portal import check_portal
from missiongraph.validation.report import Report, Result
from missiongraph.validation.rules import check_rules
from missiongraph.validation.terms import check_terms

__all__ = ["Report", "Result", "validate"]

Progress = Callable[[str], None]


def validate(dataset: Dataset, progress: Progress = lambda step: None) -> Report:
    """Check *dataset* against its publication's ontology, shapes and graph rules.

    :param progress: told the name of each step before it begins
    :raises UnreadableInput: a shapes or rule file cannot be read
    """
    # pySHACL and RDFLib take most of the time that a command needs to start, and few need them
    from missiongraph.validation.shapes import check_shapes

    progress("terms of the ontology")
    results = list(check_terms(dataset))
    progress("shapes")
    results += check_shapes(dataset)
    progress("graph rules")
    results += check_rules(dataset)
    progress("geometries")
    results += check_geometries(dataset)
    results += check_addresses(dataset)
    results += check_portal(dataset)
    return Report(tuple(dict.fromkeys(results)))
