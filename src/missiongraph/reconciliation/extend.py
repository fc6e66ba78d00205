"""Answers data extension queries: the values of properties for things that were matched before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from pyoxigraph import Literal, NamedNode

from missiongraph.engine.protocol import Engine, Term
from missiongraph.graph.statements_and_labels import Labels
from missiongraph.reconciliation.match import values_of
from missiongraph.reconciliation.queries import Extension
from missiongraph.reconciliation.terms import Terms
from missiongraph.vocab import XSD

_WHOLE = {XSD.integer, XSD.int, XSD.long, XSD.nonNegativeInteger, XSD.positiveInteger}
_FRACTION = {XSD.decimal, XSD.double, XSD.float}

Cell = dict[str, Any]


class Extender:
    """Answers data extension queries over one publication."""

    def __init__(self, engine: Engine, terms: Terms, base: str) -> None:
        self._engine = engine
        self._terms = terms
        self._base = base

    def columns(self, extension: Extension, language: str) -> list[dict[str, str]]:
        """The ``meta`` of an answer: the properties with the identifiers of the query, and their names."""
        meta = []
        for reference, _ in extension.properties:
            prop = self._terms.property_of(reference)
            name = self._terms.property_term(prop, language).name if prop is not None else reference
            meta.append({"id": reference, "name": name})
        return meta

    def rows(self, extension: Extension, language: str) -> dict[str, dict[str, list[Cell]]]:
        """Cells by thing and property, in the order of the query.

        If a property has texts in *language*, texts in other languages are left out.
        """
        iris = {reference: iri for reference in extension.ids if (iri := self._iri(reference)) is not None}
        table: dict[str, dict[str, list[Cell]]] = {reference: {} for reference in extension.ids}
        for reference, limit in extension.properties:
            prop = self._terms.property_of(reference)
            pairs = values_of(self._engine, prop, list(iris.values())) if prop is not None and iris else []
            had: dict[str, list[Term]] = defaultdict(list)
            for iri, value in pairs:
                had[iri].append(value)
            labels = Labels(self._engine, [value for _, value in pairs])
            for one in extension.ids:
                kept = _in_language(had.get(iris.get(one, ""), []), language)
                table[one][reference] = [self._cell(value, labels, language) for value in kept[: limit or None]]
        return table

    def _iri(self, reference: str) -> str | None:
        for iri in (reference, f"{self._base}{reference}"):
            try:
                return NamedNode(iri).value
            except ValueError:
                continue
        return None

    def _cell(self, value: Term, labels: Labels, language: str) -> Cell:
        if isinstance(value, NamedNode):
            label = labels.of(value, language)
            own = value.value.startswith(self._base)  # an IRI of others is no identifier of this service
            return {"id": value.value, "name": label[0] if label else value.value} if own else {"str": value.value}
        if not isinstance(value, Literal):
            return {"str": str(value)}
        try:
            if value.datatype in _WHOLE:
                return {"int": int(value.value)}
            if value.datatype in _FRACTION and abs(float(value.value)) < float("inf"):
                return {"float": float(value.value)}
        except ValueError:  # an ill-typed literal
            pass
        return {"str": value.value}


def _in_language(values: Sequence[Term], language: str) -> list[Term]:
    """*values* without texts in other languages than *language*, if there are any in that."""
    tagged = [v for v in values if isinstance(v, Literal) and v.language]
    own = [v for v in tagged if (v.language or "").split("-")[0] == language]
    return [v for v in values if v not in tagged or v in own] if own else list(values)
