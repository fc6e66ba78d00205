"""Finds things by name: takes candidates from the index, and compares them word by word, knowing their contexts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from missiongraph.names.folding import words_of
from missiongraph.names.index import Kind, Name, NameIndex, Role
from missiongraph.names.likeness import CERTAIN, EXPLAINED, Likeness, likeness
from missiongraph.names.words_beside_names import Context, Contexts

#: The number of names from the index that are compared with each text.
_CANDIDATES = 30

#: The least likeness of a name with missing words whose context is looked at, if a class is asked for.
_PART = 0.3

#: The kinds of names, the better first, for equally good names.
_KINDS = (Kind.LABEL, Kind.ALTERNATIVE, Kind.CODE)


@dataclass(frozen=True, slots=True)
class Found:
    """A thing, the name by which it was found, and the likeness of that to the written text.

    :ivar sure: whether the text has the name, perhaps without words of its kind, and nothing that is not true of it
    :ivar by_twin: whether the text also has words of the name of its one namesake
    """

    name: Name
    likeness: Likeness
    sure: bool = False
    by_twin: bool = False

    @property
    def iri(self) -> str:
        """The IRI of the thing."""
        return self.name.iri

    @property
    def order(self) -> tuple[float, int, str, str]:
        """Sort key: the best first."""
        return -self.likeness.score, _KINDS.index(self.name.kind), self.iri, self.name.text


class Finder:
    """Finds things by their names; safe to share between threads."""

    def __init__(self, index: NameIndex, contexts: Contexts) -> None:
        self._index = index
        self._contexts = contexts

    def find(
        self, texts: Sequence[str], *, roles: Sequence[Role] = (), types: Sequence[Sequence[str]] | None = None
    ) -> list[list[Found]]:
        """The things that each of *texts* may name, each once with its best name, the best first.

        :param roles: only things of these roles; empty means all
        :param types: for each text, only things of one of these classes; empty means all
        """
        asked = [words_of(text) for text in texts]
        kinds = types if types is not None else [()] * len(asked)
        names = [self._candidates(words, roles, of) for words, of in zip(asked, kinds, strict=True)]
        compared = [
            [(name, split, likeness(words, split)) for name in some if (split := words_of(name.text))]
            for words, some in zip(asked, names, strict=True)
        ]
        unclear = {
            name.iri
            for some, of in zip(compared, kinds, strict=True)
            for name, _, alike in some
            if _is_unclear(alike, asked_for=bool(of))
        }
        contexts = self._contexts.of(sorted(unclear))
        return [
            _best(words, some, contexts, asked_for=bool(of))
            for words, some, of in zip(asked, compared, kinds, strict=True)
        ]

    def _candidates(self, words: Sequence[str], roles: Sequence[Role], types: Sequence[str]) -> list[Name]:
        if not words:
            return []
        return self._index.like(words, _CANDIDATES, roles=roles, types=types)


def _is_unclear(alike: Likeness, *, asked_for: bool) -> bool:
    """Whether the context of the thing decides, since more or less than its name was written.

    If its class is asked for, much less may be written.
    """
    if alike.whole:
        return bool(alike.left)
    return alike.score >= (_PART if asked_for else CERTAIN)


def _best(
    words: Sequence[str],
    compared: Sequence[tuple[Name, tuple[str, ...], Likeness]],
    contexts: Mapping[str, Context],
    *,
    asked_for: bool,
) -> list[Found]:
    """Each thing with its best name. If words are left out and several things have the rest, none of them is sure."""
    bearers = {name.iri for name, _, alike in compared if not alike.left}
    best: dict[str, Found] = {}
    for name, split, alike in compared:
        if _is_unclear(alike, asked_for=asked_for):
            found = _again(words, name, split, alike, contexts[name.iri], asked_for=asked_for)
            if not alike.whole and len(bearers | {name.iri}) > 1:
                found = replace(found, sure=False)
        else:
            found = Found(name, alike, sure=_is_sure(alike))
        if name.iri not in best or found.order < best[name.iri].order:
            best[name.iri] = found
    return sorted(best.values(), key=lambda found: found.order)


def _is_sure(alike: Likeness) -> bool:
    return alike.whole and not alike.left


def _again(
    words: Sequence[str], name: Name, split: Sequence[str], before: Likeness, context: Context, *, asked_for: bool
) -> Found:
    """Compares once more, with the context of the thing."""
    found = Found(name, before)
    if asked_for or before.whole:
        short = [word for word in split if word not in context.affix or word in words] or split
        for explained in (context.true, context.true | context.twin):
            again = likeness(words, short, explained)
            if again.score > found.likeness.score:
                score = min(again.score, EXPLAINED)
                found = Found(name, replace(again, score=score), _is_sure(again), by_twin=explained is not context.true)
    if not found.sure and before.score >= CERTAIN:
        kept = [word for word in split if word not in context.kind or word in words]
        sure = bool(kept) and _is_sure(likeness(words, kept, context.true))
        found = replace(found, sure=sure)
    return found
