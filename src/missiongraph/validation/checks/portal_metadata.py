"""A check of the catalogue: settings that a portal of open data asks for. They are infos, since none is required."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal

from missiongraph.errors import Place
from missiongraph.publication.dataset import Dataset
from missiongraph.publication.settings import FILE_NAME
from missiongraph.validation.report import Result
from missiongraph.vocab import DCAT, DCTERMS, PROV, RDF

#: The source of results of this check.
SOURCE = "portal"

#: The settings that portals ask for, each with what a portal cannot do without it.
_MISSED = {
    "description": (
        "without a description a portal shows the title twice",
        "senza una descrizione un portale mostra due volte il titolo",
    ),
    "licence": (
        "without a licence nobody knows whether the data may be used, and portals leave it out",
        "senza una licenza nessuno sa se i dati si possono usare, e i portali li tralasciano",
    ),
    "publisher": (
        "DCAT-AP wants a publisher of each catalogue; a catalogue without one is refused",
        "DCAT-AP vuole un editore per ogni catalogo; un catalogo senza editore è rifiutato",
    ),
    "rights-holder": (
        "DCAT-AP_IT wants a rights holder; the publisher stands in for it",
        "DCAT-AP_IT vuole un titolare; ne fa le veci l’editore",
    ),
    "contact": (
        "without a contact nobody can report an error",
        "senza un contatto nessuno può segnalare un errore",
    ),
    "themes": (
        "without a theme of the EU's table the data is found under no heading",
        "senza un tema della tabella dell’UE i dati non si trovano sotto alcuna voce",
    ),
    "keywords": (
        "without two or more keywords the data is hard to find",
        "senza due o più parole chiave i dati sono difficili da trovare",
    ),
    "frequency": (
        "without a frequency nobody knows when to harvest again",
        "senza una frequenza nessuno sa quando tornare a prelevare i dati",
    ),
    "spatial": ("without a place the data is on no map", "senza un luogo i dati non sono su alcuna carta"),
    "temporal": (
        "without a period the data is found for no year",
        "senza un periodo i dati non si trovano per alcun anno",
    ),
    "modified": (
        "nothing states a date, so that harvesters cannot tell what is new",
        "nulla indica una data, sicché chi preleva non può dire che cosa è nuovo",
    ),
}


#: Properties by which the data may state the same of its datasets.
_STATED = {
    "description": (DCTERMS.description,),
    "keywords": (DCAT.keyword,),
    "modified": (DCTERMS.modified, DCTERMS.issued, PROV.generatedAtTime),
}


def check_portal(dataset: Dataset) -> Iterator[Result]:
    """An info for each setting that a portal asks for, that is missing, and that the data does not state either."""
    settings = dataset.publication.settings
    given = {name.replace("_", "-") for name, value in settings if value not in (None, (), {})}
    triples = dataset.default_graph
    datasets = {t.subject for t in triples if t.predicate == RDF.type and t.object == DCAT.Dataset}
    for setting, predicates in _STATED.items():
        anywhere = setting == "modified"
        if any(t.predicate in predicates and (anywhere or t.subject in datasets) for t in triples):
            given.add(setting)
    for setting, (english, italian) in _MISSED.items():
        if setting not in given:
            yield Result(
                severity="info",
                messages=(
                    ("en", f"the setting “{setting}” is missing: {english}"),
                    ("it", f"manca l’impostazione «{setting}»: {italian}"),
                ),
                source=SOURCE,
                value=Literal(setting),
                place=Place(FILE_NAME),
            )
