"""What a drawing writes: texts that may lead somewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol


class Label(Protocol):
    """Anything with a text, which a drawing hands on as it is."""

    @property
    def text(self) -> str:
        """What is written."""


_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_UNSAFE_IN_ADDRESS = re.compile(r"[\x00-\x20\x7f\ud800-\udfff]")


def safe_href(href: str | None) -> str | None:
    """The address if it may become a link: relative, http, https or mailto; otherwise None.

    >>> safe_href("doc/river/arno")
    'doc/river/arno'
    >>> safe_href("javascript:alert(1)") is None
    True
    """
    if not href or _UNSAFE_IN_ADDRESS.search(href):
        return None
    scheme = _SCHEME.match(href)
    if scheme and scheme.group(1).lower() not in {"http", "https", "mailto"}:
        return None
    return href


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads somewhere; without a safe address it is shown as text.

    `current`: to the page itself; `above`: to what the page is a part of.
    """

    text: str
    href: str | None = None
    lang: str | None = None
    title: str | None = None
    current: bool = False
    above: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "href", safe_href(self.href))
