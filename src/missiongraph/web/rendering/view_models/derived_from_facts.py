"""What follows from the facts of a page: marks of the margin, the evidence strip, the table of sources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from missiongraph.drawings.evidence_strips_and_neighbourhoods import Strip, bars
from missiongraph.drawings.linked_texts import Link
from missiongraph.web.rendering.view_models.entity import SourceRow
from missiongraph.web.rendering.view_models.parts import Check, Evidence, Fact, Group


def marks(notes: Iterable[Evidence]) -> tuple[str, ...]:
    """The distinct marks of some margin notes, in order."""
    return tuple(dict.fromkeys(note.mark for note in notes))


def sources_among(notes: Iterable[Evidence]) -> tuple[Link, ...]:
    """The distinct sources of some margin notes, in order."""
    return tuple({_key(note): note.source for note in reversed(list(notes))}.values())[::-1]


def independent(notes: Iterable[Evidence]) -> int:
    """The number of independent sources of some margin notes. Sources of one origin count once."""
    return len({note.origin or _key(note) for note in notes})


def all_notes(fact: Fact) -> tuple[Evidence, ...]:
    """The notes of a fact, with those of all versions of a disagreement."""
    versions = fact.disagreement.versions if fact.disagreement else ()
    return fact.evidence + tuple(note for version in versions for note in version.evidence)


def _notes_with_key_information(fact: Fact) -> tuple[Evidence, ...]:
    """The notes of a fact and of the key information beside its values."""
    return all_notes(fact) + tuple(
        note for value in fact.values if value.key_information for note in value.key_information.notes
    )


def strip_of(groups: Sequence[Group], last_checked: str | None = None) -> Strip | None:
    """The evidence strip of a page; ``None`` if no fact has a note."""
    facts = [fact for fact in _facts(groups) if fact.values or fact.disagreement]
    counts = [independent(all_notes(fact)) for fact in facts]
    if not any(counts):
        return None
    differing = [fact for fact in facts if fact.disagreement]
    drawn, width = bars([(count, fact.disagreement is not None) for count, fact in zip(counts, facts, strict=True)])
    return Strip(
        bars=drawn,
        width=width,
        facts=len(facts),
        sources=len(sources_among(note for fact in facts for note in _from_sources(_notes_with_key_information(fact)))),
        corroborated=sum(independent(fact.evidence) > 1 if not fact.disagreement else False for fact in facts),
        disagreements=len(differing),
        bare=sum(count == 0 for count in counts),
        first_disagreement=next((fact.id for fact in differing if fact.id), None),
        last_checked=last_checked,
        origins=independent(note for fact in facts for note in _from_sources(_notes_with_key_information(fact))),
    )


def sources_of(groups: Sequence[Group]) -> tuple[SourceRow, ...]:
    """The rows of the table "Sources of this page", in the order of the page."""
    notes: dict[str, list[Evidence]] = {}
    facts: dict[str, int] = {}
    for fact in _facts(groups):
        here = _from_sources(_notes_with_key_information(fact))
        for note in here:
            notes.setdefault(_key(note), []).append(note)
        for key in {_key(note) for note in here}:
            facts[key] = facts.get(key, 0) + 1
    taken: set[str] = set()
    return tuple(_row(found, facts[key], taken) for key, found in notes.items())


def _row(notes: list[Evidence], facts: int, taken: set[str]) -> SourceRow:
    first = notes[0]
    checks: dict[str, Check] = {}
    for note in notes:
        checks.setdefault(note.check.verdict, note.check)
    return SourceRow(
        id=_unused("page-source-" + (re.sub(r"[^A-Za-z0-9]+", "-", first.mark).strip("-") or "x"), taken),
        mark=first.mark,
        source=first.source,
        publisher=first.publisher,
        date=first.date,
        facts=facts,
        checks=tuple(checks.values()),
        record=first.kind == "record",
    )


def _unused(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}-{number}", number + 1
    taken.add(name)
    return name


def _from_sources(notes: Iterable[Evidence]) -> list[Evidence]:
    """The notes without those of computed and inferred facts, which rest on the graph itself."""
    return [note for note in notes if note.kind in {"quoted", "record"}]


def _facts(groups: Sequence[Group]) -> Iterator[Fact]:
    return (fact for group in groups for fact in group.facts)


def _key(note: Evidence) -> str:
    return note.source.href or f"{note.mark} {note.source.text}"
