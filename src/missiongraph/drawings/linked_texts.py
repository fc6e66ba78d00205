"""The labels of drawings: texts, and links with safe addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol


class Label(Protocol):
    """Any object with a text. A drawing passes it on to the template unchanged."""

    @property
    def text(self) -> str:
        """The text of the label."""


_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_UNSAFE_IN_ADDRESS = re.compile(r"[\x00-\x20\x7f\ud800-\udfff]")


def safe_href(href: str | None) -> str | None:
    """Returns *href* if it may become a link: a relative address, or one of http, https or mailto; else ``None``.

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
    """A text with a link; without a safe address it is shown as text.

    :ivar lang: the language tag of the text
    :ivar current: whether it leads to the present page
    :ivar above: whether it leads to the page of which the present one is a part
    """

    text: str
    href: str | None = None
    lang: str | None = None
    title: str | None = None
    current: bool = False
    above: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "href", safe_href(self.href))
