"""The services of the site that its catalogue describes (``dcat:DataService``): SPARQL and reconciliation.

Each is declared here once. The :class:`~missiongraph.web.http.registry.Service` that answers it names its
declaration, and a test compares the two lists.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:  # evaluators read this module, and start without settings
    from missiongraph.publication.settings import LocalText


@dataclass(frozen=True)
class Interface:
    """A service at *path*, relative to the base, that follows the specification at *standard* (a URL).

    :ivar name: the fragment of its IRI in the catalogue
    :ivar keywords: its keywords by language
    """

    name: str
    path: str
    standard: str
    standard_title: str
    title: LocalText
    description: LocalText
    keywords: dict[str, tuple[str, ...]]


SPARQL: Final = Interface(
    name="sparql",
    path="sparql",
    standard="https://www.w3.org/TR/sparql11-protocol/",
    standard_title="SPARQL 1.1 Protocol",
    title={"en": "SPARQL endpoint", "it": "Endpoint SPARQL"},
    description={
        "en": "Answers SPARQL 1.1 queries over the accepted statements and over each graph by its name.",
        "it": "Risponde a interrogazioni SPARQL 1.1 sugli enunciati accolti e su ciascun grafo per nome.",
    },
    keywords={"en": ("SPARQL", "linked data"), "it": ("SPARQL", "dati collegati")},
)

RECONCILIATION: Final = Interface(
    name="reconciliation",
    path="reconcile",
    standard="https://reconciliation-api.github.io/specs/0.2/",
    standard_title="Reconciliation Service API v0.2",
    title={"en": "Reconciliation service", "it": "Servizio di riconciliazione"},
    description={
        "en": "Matches names and codes of other records to the things of this publication, in batches.",
        "it": "Abbina nomi e codici di altri archivi alle cose di questa pubblicazione, a gruppi.",
    },
    keywords={"en": ("reconciliation", "entity matching"), "it": ("riconciliazione", "abbinamento di entità")},
)

#: Every service of the catalogue.
INTERFACES: Final[tuple[Interface, ...]] = (SPARQL, RECONCILIATION)
