"""The error of a faulty geometry, with its message in the languages of reports."""

from __future__ import annotations


class GeometryFault(ValueError):
    """A geometry cannot be read or drawn.

    :ivar messages: by language, what is wrong and what to do; messages continue the sentence "the geometry …"
    """

    def __init__(self, english: str, italian: str) -> None:
        self.messages = {"en": english, "it": italian}
        super().__init__(english)
