"""View models of the other pages: home, vocabularies, files, changes, metadata, quality, problems."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from missiongraph.drawings.class_diagrams import ClassDiagram
from missiongraph.drawings.linked_texts import Link, safe_href
from missiongraph.drawings.maps import Map
from missiongraph.evidence.verdicts.verdict import Verdict
from missiongraph.web.rendering.view_models.entity import Paging
from missiongraph.web.rendering.view_models.parts import Due, Evidence, Fact, Group, Section, Value
from missiongraph.web.rendering.view_models.query_views import HomePart

#: The end of a sentence.
_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=[A-ZÀ-Ý])")


@dataclass(frozen=True, slots=True)
class Headline:
    """A sentence with one marked phrase, whose words stand below it."""

    before: str
    phrase: str = ""
    after: str = ""

    @classmethod
    def of(cls, text: str) -> Headline:
        """Read a text whose marked phrase is between asterisks.

        >>> Headline.of("Nine rivers run *clear* again.")
        Headline(before='Nine rivers run ', phrase='clear', after=' again.')
        """
        parts = text.split("*", 2)
        return cls(*parts) if len(parts) == 3 else cls(text)

    @property
    def text(self) -> str:
        """The sentence without asterisks."""
        return self.before + self.phrase + self.after


@dataclass(frozen=True, slots=True)
class Figure:
    """A row of figures: the number, linked to its entity, its meaning, and the words that it rests on."""

    number: str
    meaning: str
    href: str | None = None
    evidence: tuple[Evidence, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "href", safe_href(self.href))


@dataclass(frozen=True, slots=True)
class ClassList:
    """A class, the number of its things, and some of them."""

    name: Link
    count: int
    members: tuple[Link, ...] = ()
    description: str | None = None


@dataclass(frozen=True, slots=True)
class HomePage:
    """The home page: headline, figures, stories and drawings, classes, a disagreement, questions, links for machines.

    `parts` come before the disagreement and `later` after it. Parts side by side are in one tuple.
    """

    headline: Headline
    lead: str | None = None
    key_evidence: tuple[Evidence, ...] = ()
    map: Map | None = None
    parts: tuple[tuple[HomePart, ...], ...] = ()
    later: tuple[tuple[HomePart, ...], ...] = ()
    figures_title: str | None = None
    figures: tuple[Figure, ...] = ()
    classes: tuple[ClassList, ...] = ()
    disagreement: Fact | None = None
    disagreements: Link | None = None
    questions: tuple[Link, ...] = ()
    question_count: int = 0
    ask_href: str | None = None
    files_href: str | None = None
    formats: int = 0
    example: Link | None = None

    @property
    def title(self) -> str:
        """The headline without asterisks."""
        return self.headline.text


@dataclass(frozen=True, slots=True)
class Example:
    """A thing of the data that uses a term, with its value if the term is a property."""

    thing: Link
    value: Value | None = None


@dataclass(frozen=True, slots=True)
class Alignment:
    """Links from a term to others, most of them in other vocabularies. `kind` names the relation, such as "broader"."""

    kind: str
    others: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A term of an ontology or concept scheme, in an element with its id.

    `definitions` are its comments, one for each language. `facts` are its other statements.
    """

    id: str
    label: str
    iri: str
    kind: str
    name: str | None = None
    lang: str | None = None
    definitions: tuple[Value, ...] = ()
    domain: tuple[Link, ...] = ()
    range: tuple[Link, ...] = ()
    alignment: tuple[Alignment, ...] = ()
    uses: int | None = None
    uses_href: str | None = None
    examples: tuple[Example, ...] = ()
    facts: tuple[Fact, ...] = ()
    deprecated: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "uses_href", safe_href(self.uses_href))

    @property
    def sentence(self) -> Value | None:
        """The first sentence of its definition, for the overview."""
        if not self.definitions:
            return None
        return replace(self.definitions[0], text=_SENTENCE.split(self.definitions[0].text, maxsplit=1)[0])


@dataclass(frozen=True, slots=True)
class TermGroup:
    """A class with its properties, or the terms of one kind, under a heading."""

    title: str
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class TermsPage:
    """The page of an ontology or concept scheme.

    `classes` are listed with a sentence each. `drawing` shows which classes the properties connect.
    """

    title: str
    iri: str
    terms: tuple[TermGroup, ...]
    classes: tuple[Term, ...] = ()
    drawing: ClassDiagram | None = None
    namespaces: tuple[tuple[str, str], ...] = ()
    kicker: str | None = None
    description: Value | None = None
    groups: tuple[Group, ...] = ()
    sections: tuple[Section, ...] = ()
    formats: tuple[Link, ...] = ()
    citation: str | None = None


@dataclass(frozen=True, slots=True)
class FilesPage:
    """The page of the downloads: files by content, number of statements, commands to fetch them, licence."""

    title: str
    sections: tuple[Section, ...]
    lead: str | None = None
    statements: int | None = None
    graphs: int | None = None
    links: tuple[Link, ...] = ()
    commands: tuple[str, ...] = ()
    licence: Link | None = None
    terms: str | None = None
    paging: Paging | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A statement that was added or removed: its property, its value, its named graph."""

    added: bool
    label: str
    value: Value
    graph: Link


@dataclass(frozen=True, slots=True)
class ChangedThing:
    """A thing with the changes of its statements."""

    link: Link
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """The difference between two editions. `things` may show fewer changes than the counts.

    `steps` are links to each step of the history, the newest first.
    """

    title: str
    lead: str
    added: int = 0
    removed: int = 0
    things: tuple[ChangedThing, ...] = ()
    steps: tuple[Link, ...] = ()
    formats: tuple[Link, ...] = ()

    @property
    def shown(self) -> int:
        """The number of statements on the page."""
        return sum(len(thing.changes) for thing in self.things)

    @property
    def cut(self) -> bool:
        """Whether the page shows fewer statements than there are."""
        return self.shown < self.added + self.removed


@dataclass(frozen=True, slots=True)
class FactsPage:
    """The page of a metadata document, such as the catalogue or the shapes: a section for each thing."""

    title: str
    lead: str | None = None
    kicker: str | None = None
    iri: str | None = None
    groups: tuple[Group, ...] = ()
    sections: tuple[Section, ...] = ()
    formats: tuple[Link, ...] = ()
    profiles: tuple[Link, ...] = ()
    paging: Paging | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A quality measure: its name, its value as text, its meaning. `anchor` is its id on the page."""

    name: str
    value: str
    meaning: str
    anchor: str


@dataclass(frozen=True, slots=True)
class QualitySource:
    """A source on the quality page: facts that rest on it, facts that rest on nothing else, its last check.

    `sole_href` lists the latter by a query. `verdicts` are pairs of a verdict and the number of claims that have it. A
    verdict that this software does not know is a link to its IRI.
    """

    source: Link
    facts: int
    sole: int
    sole_href: str | None = None
    checked: str | None = None
    read: str | None = None
    coverage: str | None = None
    verdicts: tuple[tuple[Verdict | Link, int], ...] = ()
    due: Due | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "sole_href", safe_href(self.sole_href))


@dataclass(frozen=True, slots=True)
class FailingCheck:
    """A claim whose last check did not find its words. A verdict unknown to this software is a link to its IRI."""

    claim: Link
    verdict: Verdict | Link
    date: str


@dataclass(frozen=True, slots=True)
class QualityPage:
    """The quality page: measures, sources, disagreements, links.

    `single` lists the facts of a single origin by a query. `links` are pairs of a host and a number of links.
    `findings`
    are the numbers of violations, warnings and informations that validation found before the build, if known. `failing`
    are the first of `failures`, out of `checked` claims.
    """

    title: str
    lead: str
    iri: str
    measures: tuple[Measure, ...]
    shapes: int = 0
    rules: int = 0
    findings: tuple[int, int, int] | None = None
    date: str | None = None
    checked: int = 0
    failures: int = 0
    failing: tuple[FailingCheck, ...] = ()
    sources: tuple[QualitySource, ...] = ()
    disagreements: tuple[Link, ...] = ()
    single: str | None = None
    links: tuple[tuple[str, int], ...] = ()
    formats: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Near:
    """A thing whose address or name resembles the address asked for."""

    link: Link
    kind: str | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True)
class MessagePage:
    """The page of an HTTP error.

    `heading` says what is wrong. `offers` are the forms that exist (406), `replacements` what took the place of a thing
    that was withdrawn (410). `reference` finds the error in the log (500).
    """

    status: int
    heading: str
    address: str | None = None
    detail: str | None = None
    near: tuple[Near, ...] = ()
    offers: tuple[Link, ...] = ()
    ways: tuple[Link, ...] = ()
    replacements: tuple[Link, ...] = ()
    reference: str | None = None
