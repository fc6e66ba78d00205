"""A bilingual province: libraries, schools and museums called after the municipalities that they lie in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

BASE = "https://province.example/"
NS = f"{BASE}ontology#"

MUNICIPALITIES = (
    *(("Bolzano", "Bozen"), ("Merano", "Meran"), ("Bressanone", "Brixen"), ("Brunico", "Bruneck")),
    *(("Laives", "Leifers"), ("Appiano", "Eppan"), ("Lana", "Lana"), ("Caldaro", "Kaltern"), ("Vipiteno", "Sterzing")),
    *(("San Candido", "Innichen"), ("Dobbiaco", "Toblach"), ("Chiusa", "Klausen"), ("Silandro", "Schlanders")),
    *(("Malles", "Mals"), ("Egna", "Neumarkt"), ("Ora", "Auer"), ("Termeno", "Tramin"), ("Naturno", "Naturns")),
    *(("Ortisei", "St. Ulrich"), ("San Leonardo", "St. Leonhard"), ("Campo Tures", "Sand in Taufers")),
    *(("Valdaora", "Olang"), ("Monguelfo", "Welsberg"), ("Rio di Pusteria", "Mühlbach"), ("Varna", "Vahrn")),
    *(("Fortezza", "Franzensfeste"), ("Prato allo Stelvio", "Prad"), ("Lagundo", "Algund"), ("Tirolo", "Tirol")),
    *(("Cermes", "Tscherms"),),
)

#: Words of each kind in both languages, what they look like in names, and which municipalities have one.
KINDS = {
    "Library": ("Biblioteca", "Bibliothek"),
    "School": ("Scuola", "Schule"),
    "Museum": ("Museo", "Museum"),
    "Municipality": ("Comune", "Gemeinde"),
}
_PATTERNS = {
    "Library": (
        ("Biblioteca Civica di {it}", "Stadtbibliothek {de}", range(20)),
        ("Biblioteca pubblica {it}", "Öffentliche Bibliothek {de}", range(20, 30)),
        ("Biblioteca scolastica {it}", "Schulbibliothek {de}", range(0, 20, 2)),
    ),
    "School": (
        ("Scuola elementare {it}", "Grundschule {de}", range(30)),
        ("Scuola media di {it}", "Mittelschule {de}", range(0, 30, 3)),
    ),
    "Museum": (("Museo civico di {it}", "Stadtmuseum {de}", range(0, 30, 4)),),
}


@dataclass(frozen=True)
class Thing:
    """A thing of the province with its names by language."""

    iri: str
    kind: str
    italian: str
    german: str
    municipality: int | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Both, each once."""
        return tuple(dict.fromkeys((self.italian, self.german)))


def things() -> Iterator[Thing]:
    """Everything in the province that has names of its own."""
    for number, (italian, german) in enumerate(MUNICIPALITIES):
        yield Thing(f"{BASE}id/municipality/{number}", "Municipality", italian, german)
    for kind, patterns in _PATTERNS.items():
        for place, (italian, german, where) in enumerate(patterns):
            for number in where:
                it, de = MUNICIPALITIES[number]
                iri = f"{BASE}id/{kind.lower()}/{place}-{number}"
                yield Thing(iri, kind, italian.format(it=it), german.format(de=de), number)


THINGS = tuple(things())

#: What twenty libraries are called besides.
SHARED = "Stadtbibliothek"


#: Those of which no municipality has two.
ALONE = tuple(one for one in THINGS if one.municipality is None or "/library/0" in one.iri)


def turtle(*, inverse: bool = False, alone: bool = False) -> str:
    """The province in Turtle.

    :param inverse: municipalities name what they have, and not the other way round
    :param alone: no municipality has more than one thing
    """
    lines = [
        f"@prefix o: <{NS}> .",
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .",
        "@prefix owl: <http://www.w3.org/2002/07/owl#> .",
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .",
        f'<{BASE}id/province/1> a o:Province ; rdfs:label "Provincia di Bolzano"@it, "Südtirol"@de .',
    ]
    for kind, (italian, german) in KINDS.items():
        lines.append(f'o:{kind} a owl:Class ; rdfs:label "{italian}"@it, "{german}"@de .')
    for one in ALONE if alone else THINGS:
        lines.append(f'<{one.iri}> a o:{one.kind} ; rdfs:label "{one.italian}"@it, "{one.german}"@de .')
        if one.municipality is None:
            lines.append(f"<{one.iri}> o:in <{BASE}id/province/1> .")
            continue
        place = f"{BASE}id/municipality/{one.municipality}"
        lines.append(f"<{place}> o:has <{one.iri}> ." if inverse else f"<{one.iri}> o:at <{place}> .")
        if one.german.startswith(SHARED):
            lines.append(f'<{one.iri}> skos:altLabel "{SHARED}"@de .')
    return "\n".join(lines) + "\n"


def settings(main: str = "Library") -> str:
    """The settings; *main*: the class that guesses begin with, if any."""
    home = f'[home]\nclasses = ["{NS}{main}"]\n' if main else ""
    return f'title = "Province"\nbase = "{BASE}"\nlanguages = ["it", "de"]\n{home}'
