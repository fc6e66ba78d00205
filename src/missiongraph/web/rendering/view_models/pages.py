"""The other pages: home, lists, terms, files, documents, queries and messages."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from missiongraph.drawings.class_diagrams import ClassDiagram
from missiongraph.drawings.links import Link, safe_href
from missiongraph.drawings.maps import Map
from missiongraph.web.rendering.view_models.entity import Paging
from missiongraph.web.rendering.view_models.parts import Due, Evidence, Fact, Group, Section, Value, Verdict
from missiongraph.web.rendering.view_models.query_views import HomePart

#: Between two sentences.
_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=[A-ZÀ-Ý])")


@dataclass(frozen=True, slots=True)
class Headline:
    """A sentence of which one phrase may be marked, because its words stand below."""

    before: str
    phrase: str = ""
    after: str = ""

    @classmethod
    def of(cls, text: str) -> Headline:
        """Reads the phrase between asterisks.

        >>> Headline.of("Nine rivers run *clear* again.")
        Headline(before='Nine rivers run ', phrase='clear', after=' again.')
        """
        parts = text.split("*", 2)
        return cls(*parts) if len(parts) == 3 else cls(text)

    @property
    def text(self) -> str:
        """The sentence without marks."""
        return self.before + self.phrase + self.after


@dataclass(frozen=True, slots=True)
class Figure:
    """A row of the ledger: the figure, linked to its entity, what it means, the words beside it."""

    number: str
    meaning: str
    href: str | None = None
    evidence: tuple[Evidence, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "href", safe_href(self.href))


@dataclass(frozen=True, slots=True)
class ClassList:
    """A class with its count and some of its members."""

    name: Link
    count: int
    members: tuple[Link, ...] = ()
    description: str | None = None


@dataclass(frozen=True, slots=True)
class HomePage:
    """What this is, its figures, what queries tell of it, what there is, a disagreement, questions, ways in.

    `parts` stand before the disagreement, `later` after it; those that stand side by side are in one tuple.
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
        """The headline as plain text."""
        return self.headline.text


@dataclass(frozen=True, slots=True)
class Example:
    """A thing of the data that uses a term, and what the term says of it."""

    thing: Link
    value: Value | None = None


@dataclass(frozen=True, slots=True)
class Alignment:
    """How a term stands to others, most of them elsewhere: `kind` in words, before their names."""

    kind: str
    others: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A term of an ontology or vocabulary, in the element with its id.

    `definitions` are its comments, one per language; `facts` whatever else is said of it (alignment,
    broader concepts, examples).
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
        """The first sentence of its definition, for a reader who looks it over."""
        if not self.definitions:
            return None
        return replace(self.definitions[0], text=_SENTENCE.split(self.definitions[0].text, maxsplit=1)[0])


@dataclass(frozen=True, slots=True)
class TermGroup:
    """A class with its properties, or terms of one kind, under a heading."""

    title: str
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class TermsPage:
    """A document that defines terms: an ontology, a concept scheme.

    `classes` are shown in a sentence each, `drawing` shows which of them the properties lead between.
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
    """The dumps by what they hold, how many statements that is, how to fetch them and on what terms."""

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
    """A statement that was added, or else removed: its property, its value, the graph it stands in."""

    added: bool
    label: str
    value: Value
    graph: Link


@dataclass(frozen=True, slots=True)
class ChangedThing:
    """What changed about one thing."""

    link: Link
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """What was added and removed between two editions; `things` may be fewer than the counts say.

    `steps` lead through the history, the newest first.
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
        """How many statements the page shows."""
        return sum(len(thing.changes) for thing in self.things)

    @property
    def cut(self) -> bool:
        """Whether that is less than all."""
        return self.shown < self.added + self.removed


@dataclass(frozen=True, slots=True)
class FactsPage:
    """A document that is described rather than told: the catalogue, the shapes."""

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
    """A measure of quality: what it is called, its value as text, what it means; `anchor` is its name on the page."""

    name: str
    value: str
    meaning: str
    anchor: str


@dataclass(frozen=True, slots=True)
class QualitySource:
    """A source: facts that rest on it, those that rest on nothing else (with a query that lists them), its last check.

    `verdicts` are pairs of a verdict and the number of claims that have it.
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
    """A claim whose last check did not find its words."""

    claim: Link
    verdict: Verdict | Link
    date: str


@dataclass(frozen=True, slots=True)
class QualityPage:
    """How far the dataset can be trusted; `single` leads to the facts of a single origin, `links` count by host.

    `findings` are the numbers of violations, warnings and informations that validation had when this was built, where
    that is known; `failing` are the first of `failures`, of `checked` claims.
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
    """A thing whose address resembles the one asked for."""

    link: Link
    kind: str | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True)
class MessagePage:
    """A page in place of one that cannot be shown; the template words it by its status.

    `offers` are the forms that exist (406), `withdrawn` what is known of a thing taken back (410),
    `reference` finds the error in the log (500).
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
