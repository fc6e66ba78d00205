"""The query that the query page shows first."""

from __future__ import annotations

from missiongraph.vocab import LABEL_PROPERTIES
from missiongraph.web.content.rows.editor_data import written
from missiongraph.web.context.site import Site

_MOST = 20


def opening_query(site: Site) -> str:
    """The first question of the publication; without questions, a query for things of the main class."""
    if site.build.questions:
        return site.build.questions[0].query
    used = set(site.used_terms)
    names = "|".join(written(site, term) for term in LABEL_PROPERTIES if term in used)
    if not site.reconciliation.terms.classes:
        return f"SELECT * WHERE {{\n  ?thing ?property ?value\n}}\nLIMIT {_MOST}\n"
    kind = written(site, site.reconciliation.terms.main)
    named = f" ;\n    {names} ?name" if names else ""
    return f"SELECT *\nWHERE {{\n  ?thing a {kind}{named}\n}}\nLIMIT {_MOST}\n"
