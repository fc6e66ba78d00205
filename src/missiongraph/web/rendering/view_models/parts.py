"""The small parts of which every page consists: links, values, facts and the notes beside them.

Texts are plain strings already written for the reader's language (see `missiongraph.web.rendering.formatting`);
templates escape them. Addresses that a browser might execute never survive the constructors here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from missiongraph.drawings.links import Link, safe_href

FOLD_AT = 400
"""Characters of a literal that are shown before the rest is folded away."""

MANY_VALUES = 12
"""More values than this are cut to the first nine, as the margin has one note for all of them."""

FIRST_VALUES = 9

ValueKind = Literal["entity", "external", "text", "date", "number", "money", "code", "iri"]


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a fact.

    `aside` is a line in sans beneath it, `tag` a soft word behind it (languages, say), `datatype` is
    named only where a reader could not guess it, `machine` is the lexical form behind a formatted
    date or number, `unshared` marks an item that not all versions of a disagreement have,
    `iri` is that of a part which the value tells in full, `key_information` is told of the thing that is named.

    A value with `items` stands for them: the members of a list (`ordered`; `total` of them, all at `all_href`) or
    nodes within it, each under its `label`; `note` says what is wrong with it. `text` is then a short form.
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
        """The items that stand on the page at once."""
        return self.items[:FIRST_VALUES] if len(self.items) > MANY_VALUES else self.items

    @property
    def folded_items(self) -> tuple[Value, ...]:
        """The items that are folded away."""
        return self.items[len(self.shown_items) :]

    @property
    def id(self) -> str | None:
        """The id of the element that the IRI of a part leads to."""
        return self.iri.partition("#")[2] if self.iri else None

    @property
    def folded(self) -> bool:
        """Whether the text is too long to stand on the page in full."""
        return len(self.text) > FOLD_AT

    @property
    def head(self) -> str:
        """The beginning that is always shown, cut between words where there are any."""
        if not self.folded:
            return self.text
        cut = self.text[:FOLD_AT]
        at_word = cut.rfind(" ")
        return cut[:at_word] if at_word > FOLD_AT // 2 else cut

    @property
    def inline(self) -> bool:
        """Whether it can stand in a row with others, parted by commas."""
        beside = self.aside or self.iri or self.key_information or self.items or self.note
        return len(self.text) <= 60 and not beside and "," not in self.text and "\n" not in self.text


Verdict = Literal["supported", "moved", "changed", "contradicted", "gone", "unchecked"]


@dataclass(frozen=True, slots=True)
class Due:
    """Until when a look at a source is good: as text, and as ISO 8601 date for the browser to compare."""

    text: str
    machine: str


@dataclass(frozen=True, slots=True)
class Check:
    """What the last check of some words found.

    `found` is what the source has now in place of the words (verdicts changed and contradicted),
    `stated` the figure of the graph that it differs from. A page tells until when a check is good and
    leaves it to the browser to say that this is past: what it says must not depend on the day it is asked.
    """

    verdict: Verdict = "unchecked"
    date: str | None = None
    found: str | None = None
    stated: str | None = None
    due: Due | None = None


NOT_CHECKED = Check()

EvidenceKind = Literal["quoted", "record", "computed", "inferred"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One note in the margin: on what a fact rests.

    `words` are the quoted words (`quoted`), the name of the cell (`record`), unused (`computed`) or
    the rule in words (`inferred`). `before` and `after` hold at most four words of context each.
    `page` is the address of the evidence page, `passage` leads to the sentence itself, `query` to the
    query of a computed value, `history` to all claims about the statement, `origin` names the
    independence group of the source: two sources of one origin do not corroborate each other.
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
    """What is told of a thing beside its name, and on what that rests.

    `differ`: other sources say otherwise, as the page of the thing tells.
    """

    text: str
    notes: tuple[Evidence, ...] = ()
    differ: bool = False
    lang: str | None = None

    @property
    def marks(self) -> tuple[Link, ...]:
        """The distinct sigla, each with its words, and a link to the page of the evidence."""
        found = {note.mark: note for note in reversed(self.notes)}
        return tuple(
            Link(mark, note.page, title=": ".join(filter(None, (note.source.text, note.words))))
            for mark, note in reversed(found.items())
        )


@dataclass(frozen=True, slots=True)
class Version:
    """One of several answers that sources give: its values and every note that supports it."""

    values: tuple[Value, ...]
    evidence: tuple[Evidence, ...] = ()
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Versions that stand side by side, ordered by number of independent sources, then by age.

    `about` continues "Sources disagree on …"; `reason` says which version plain queries get and why;
    `page` leads to what is said of the disagreement, `history` to the history of the statement.
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
    """A row: label, values, margin. Without values and versions it reads "No source says.".

    `href` leads from the label to the property, `hint` explains the label, `note` is a remark in the
    margin, `all_href` a page with all `total` values when `values` holds only the first of them; the values
    of an `inverse` fact state it of the thing of the page, those of a `distant` one lie several steps away.
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
        """The values that stand on the page at once."""
        return self.values[:FIRST_VALUES] if len(self.values) > MANY_VALUES else self.values

    @property
    def rest(self) -> tuple[Value, ...]:
        """The values that are folded away; none where a page with all of them is known."""
        return () if self.all_href else self.values[len(self.shown) :]

    @property
    def count(self) -> int:
        """How many values there are in all."""
        return self.total if self.total is not None else len(self.values)

    @property
    def cut(self) -> bool:
        """Whether not all values are shown."""
        return self.count > len(self.shown)

    @property
    def inline(self) -> bool:
        """Whether the values run in one line, parted by commas; texts in several languages never do."""
        several = self.shown if len(self.shown) > 1 else ()
        in_languages = any(value.kind == "text" and (value.lang or value.tag) for value in several)
        return not in_languages and all(value.inline for value in self.shown)


@dataclass(frozen=True, slots=True)
class Group:
    """Facts that belong together, under a heading; `id` is an anchor that data may name."""

    title: str
    facts: tuple[Fact, ...]
    id: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A file to download and its compressed forms; sizes are formatted, `checksum` is the whole SHA-256."""

    name: str
    href: str
    what: str
    size: str | None = None
    media_type: str | None = None
    checksum: str | None = None
    compressed: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A thing that shares a page with its document: the element with the id of a hash IRI.

    `href` leads to its own page, `files` are its forms to download.
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
