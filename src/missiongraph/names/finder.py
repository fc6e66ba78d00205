"""Finds what is called so: candidates from the index, compared word by word, with what else is known of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from missiongraph.names.context import Contexts, Words
from missiongraph.names.folding import words_of
from missiongraph.names.index import Kind, Name, NameIndex, Role
from missiongraph.names.likeness import Likeness, likeness

#: Names of the index that are compared for each text.
_CANDIDATES = 50

#: Of equally good names, the better kind first.
_KINDS = (Kind.LABEL, Kind.ALTERNATIVE, Kind.CODE)


@dataclass(frozen=True, slots=True)
class Found:
    """A thing, the name by which it was found, and how like that is to what was written."""

    name: Name
    likeness: Likeness

    @property
    def iri(self) -> str:
        """The thing."""
        return self.name.iri

    @property
    def sure(self) -> bool:
        """Whether the name was written, and nothing that is not true of the thing."""
        return self.likeness.whole and not self.likeness.left

    @property
    def order(self) -> tuple[float, int, str, str]:
        """Sort key: the best first."""
        return -self.likeness.score, _KINDS.index(self.name.kind), self.iri, self.name.text


class Finder:
    """Finds things by what they are called; safe to share between threads."""

    def __init__(self, index: NameIndex, contexts: Contexts) -> None:
        self._index = index
        self._contexts = contexts

    def find(
        self, texts: Sequence[str], *, roles: Sequence[Role] = (), types: Sequence[Sequence[str]] | None = None
    ) -> list[list[Found]]:
        """What each of *texts* may name, each thing once by its best name, the best first.

        :param roles: of the things that are looked for; none: of all
        :param types: classes, for each text, of which a thing must have one; none: of any
        """
        asked = [words_of(text) for text in texts]
        kinds = types if types is not None else [()] * len(asked)
        names = [self._candidates(words, roles, of) for words, of in zip(asked, kinds, strict=True)]
        compared = [
            [(name, split, likeness(words, split)) for name in some if (split := words_of(name.text))]
            for words, some in zip(asked, names, strict=True)
        ]
        unclear = {name.iri for some in compared for name, _, alike in some if alike.whole and alike.left}
        contexts = self._contexts.of(sorted(unclear))
        return [_best(words, some, contexts) for words, some in zip(asked, compared, strict=True)]

    def _candidates(self, words: Sequence[str], roles: Sequence[Role], types: Sequence[str]) -> list[Name]:
        if not words:
            return []
        return self._index.like(words, _CANDIDATES, roles=roles, types=types)


def _best(
    words: Sequence[str], compared: Sequence[tuple[Name, tuple[str, ...], Likeness]], contexts: Mapping[str, Words]
) -> list[Found]:
    best: dict[str, Found] = {}
    for name, split, alike in compared:
        if name.iri in contexts and alike.whole and alike.left:
            alike = likeness(words, split, contexts[name.iri])
        found = Found(name, alike)
        if name.iri not in best or found.order < best[name.iri].order:
            best[name.iri] = found
    return sorted(best.values(), key=lambda found: found.order)
