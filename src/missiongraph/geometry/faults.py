"""What is wrong with a geometry, in the languages of reports."""

from __future__ import annotations


class GeometryFault(ValueError):
    """A geometry that cannot be read or drawn.

    :ivar messages: what is wrong and what to do, by language
    """

    def __init__(self, english: str, italian: str) -> None:
        self.messages = {"en": english, "it": italian}
        super().__init__(english)
