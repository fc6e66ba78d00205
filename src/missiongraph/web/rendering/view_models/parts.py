"""View models of what all pages share: values, facts, margin notes, disagreements, files, sections.

Texts are plain strings in the reader's language (see `missiongraph.web.rendering.formatting`), and templates escape
them. The constructors here remove addresses that a browser might execute.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from missiongraph.drawings.linked_texts import Link, safe_href
from missiongraph.evidence.verdicts.verdict import Verdict

FOLD_AT = 400
"""Characters of a literal that are shown; the rest is folded away."""

MANY_VALUES = 12
"""Most values that are shown unfolded. Of more, only the first nine are, since one note stands for all of them."""

FIRST_VALUES = 9

ValueKind = Literal["entity", "external", "text", "date", "number", "money", "code", "iri"]


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a fact.

    `aside` is a line beneath it, `tag` soft text behind it, such as language tags. `datatype` is given only if a reader
    could not guess it. `machine` is the lexical form of a formatted date or number. `unshared` marks an item that not
    all
    versions of a disagreement have. `iri` is that of a part of the thing whose facts the value shows in full.
    `key_information` is shown beside the name of the thing.

    A value with `items` stands for several: members of an RDF list (`ordered`; `total` of them, all at `all_href`), or
    properties of a blank node, each under its `label`. `note` says what is wrong with a list. `text` is then a short
    form.
    """

    text: str
    kind: ValueKind = "text"
    href: str | None = None
    lang: str | None = None
    aside: str | None = None
    tag: str | None = None
    datatype: str | None = None
    machine: str | None = None
    unshared: bool = False
    iri: str | None = None
    key_information: KeyInformation | None = None
    items: tuple[Value, ...] = ()
    ordered: bool = False
    label: str | None = None
    note: str | None = None
    total: int = 0
    all_href: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "href", safe_href(self.href))
        object.__setattr__(self, "all_href", safe_href(self.all_href))

    @property
    def shown_items(self) -> tuple[Value, ...]:
        """The items that are shown unfolded."""
        return self.items[:FIRST_VALUES] if len(self.items) > MANY_VALUES else self.items

    @property
    def folded_items(self) -> tuple[Value, ...]:
        """The items that are folded away."""
        return self.items[len(self.shown_items) :]

    @property
    def id(self) -> str | None:
        """The id of the HTML element, which is the fragment of `iri`."""
        return self.iri.partition("#")[2] if self.iri else None

    @property
    def folded(self) -> bool:
        """Whether the text is too long to be shown in full."""
        return len(self.text) > FOLD_AT

    @property
    def head(self) -> str:
        """The beginning of the text that is always shown. It ends between words if it can."""
        if not self.folded:
            return self.text
        cut = self.text[:FOLD_AT]
        at_word = cut.rfind(" ")
        return cut[:at_word] if at_word > FOLD_AT // 2 else cut

    @property
    def inline(self) -> bool:
        """Whether the value can stand in one line with others, separated by commas."""
        beside = self.aside or self.iri or self.key_information or self.items or self.note
        return len(self.text) <= 60 and not beside and "," not in self.text and "\n" not in self.text


ShownVerdict = Verdict | Literal["unchecked"]
"""What a page says of some words: the verdict of their last check, or that nobody has checked them."""


@dataclass(frozen=True, slots=True)
class Due:
    """The last day on which a check is good: as text, and as ISO 8601 date that the browser compares with today."""

    text: str
    machine: str


@dataclass(frozen=True, slots=True)
class Check:
    """The result of the last check of a claim.

    `found` is the text of the source in place of the words (changed, contradicted), `stated` the value in the graph
    that
    it differs from. The page says until when the check is good. The browser says whether that day is past, because a
    page must not depend on the day on which it is requested.
    """

    verdict: ShownVerdict = "unchecked"
    date: str | None = None
    found: str | None = None
    stated: str | None = None
    due: Due | None = None


NOT_CHECKED = Check()

EvidenceKind = Literal["quoted", "record", "computed", "inferred"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A margin note: what a fact rests on.

    `words` are the words of the source (`quoted`), the name of the cell (`record`), empty (`computed`), or the rule in
    words (`inferred`). `before` and `after` are at most four words of context each. `page` is the address of the named
    graph, `passage` that of the words in the source, `query` that of the query behind a computed value, `history` that
    of
    the statement's history. `origin` names what the source goes back to: sources of one origin count once.
    """

    mark: str
    kind: EvidenceKind
    words: str
    source: Link
    before: str = ""
    after: str = ""
    lang: str | None = None
    publisher: str | None = None
    date: str | None = None
    check: Check = NOT_CHECKED
    page: str | None = None
    passage: str | None = None
    query: str | None = None
    history: str | None = None
    facts_on_passage: int | None = None
    facts_used: int | None = None
    planned: bool = False
    interpreted: bool = False
    origin: str | None = None
    note: str | None = None
    id: str | None = None

    def __post_init__(self) -> None:
        for name in ("page", "passage", "query", "history"):
            object.__setattr__(self, name, safe_href(getattr(self, name)))


@dataclass(frozen=True, slots=True)
class KeyInformation:
    """The value beside the name of a thing, with the notes that it rests on.

    `differ` says that sources disagree on it.
    """

    text: str
    notes: tuple[Evidence, ...] = ()
    differ: bool = False
    lang: str | None = None

    @property
    def marks(self) -> tuple[Link, ...]:
        """The distinct marks of its sources, each with the words and a link to the named graph."""
        found = {note.mark: note for note in reversed(self.notes)}
        return tuple(
            Link(mark, note.page, title=": ".join(filter(None, (note.source.text, note.words))))
            for mark, note in reversed(found.items())
        )


@dataclass(frozen=True, slots=True)
class Version:
    """One of several answers in a disagreement: its values and the notes that support it."""

    values: tuple[Value, ...]
    evidence: tuple[Evidence, ...] = ()
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class Disagreement:
    """The versions of a disagreement, by falling number of independent sources, then by age.

    `about` continues "Sources disagree on …". `reason` says which version is in the default graph and why. `page` is
    the
    address of the disagreement, `history` that of the statement's history.
    """

    versions: tuple[Version, ...]
    about: str | None = None
    reason: str | None = None
    page: str | None = None
    history: str | None = None

    def __post_init__(self) -> None:
        for name in ("page", "history"):
            object.__setattr__(self, name, safe_href(getattr(self, name)))


@dataclass(frozen=True, slots=True)
class Fact:
    """A row of a page: label, values, margin notes. A row without values and versions reads "No source says.".

    `href` is the address of the property, `hint` explains the label, `note` is a remark in the margin. If `values`
    holds
    only the first of `total`, `all_href` is a page with all. Values of an `inverse` fact are subjects of the property;
    those of a `distant` fact are several steps away.
    """

    label: str
    values: tuple[Value, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    disagreement: Disagreement | None = None
    href: str | None = None
    hint: str | None = None
    note: Link | None = None
    total: int | None = None
    all_href: str | None = None
    id: str | None = None
    inverse: bool = False
    distant: bool = False

    def __post_init__(self) -> None:
        for name in ("href", "all_href"):
            object.__setattr__(self, name, safe_href(getattr(self, name)))

    @property
    def shown(self) -> tuple[Value, ...]:
        """The values that are shown unfolded."""
        return self.values[:FIRST_VALUES] if len(self.values) > MANY_VALUES else self.values

    @property
    def rest(self) -> tuple[Value, ...]:
        """The values that are folded away; none if another page has all of them."""
        return () if self.all_href else self.values[len(self.shown) :]

    @property
    def count(self) -> int:
        """The number of all values."""
        return self.total if self.total is not None else len(self.values)

    @property
    def cut(self) -> bool:
        """Whether some values are not on the page."""
        return self.count > len(self.shown)

    @property
    def inline(self) -> bool:
        """Whether the values stand in one line, separated by commas. Texts in several languages never do."""
        several = self.shown if len(self.shown) > 1 else ()
        in_languages = any(value.kind == "text" and (value.lang or value.tag) for value in several)
        return not in_languages and all(value.inline for value in self.shown)


@dataclass(frozen=True, slots=True)
class Group:
    """Facts under a heading. `id` is an anchor that data may name."""

    title: str
    facts: tuple[Fact, ...]
    id: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A file for download, with its compressed forms. Sizes are formatted, `checksum` is the SHA-256 in hex digits."""

    name: str
    href: str
    what: str
    size: str | None = None
    media_type: str | None = None
    checksum: str | None = None
    compressed: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A thing that shares a page with its document, in an element whose id is the fragment of its IRI.

    `href` is the address of its own page, `files` are its files.
    """

    id: str
    title: str
    groups: tuple[Group, ...]
    kicker: str | None = None
    iri: str | None = None
    lang: str | None = None
    href: str | None = None
    lead: Value | None = None
    files: tuple[File, ...] = ()
