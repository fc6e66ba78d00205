"""Regular expressions of ``sh:pattern``, which are those of XPath, as patterns of Python.

SHACL (section 4.4.3) refers to REGEX of SPARQL 1.1 (section 17.4.3.14), and that to XPath Functions (section 5.6.1).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

#: Multi-character escapes that Python reads in another way outside of a class.
_ESCAPES = {
    "s": r"[ \t\n\r]",
    "S": r"[^ \t\n\r]",
    "w": r"[^\p{P}\p{Z}\p{C}]",
    "W": r"[\p{P}\p{Z}\p{C}]",
}
#: Patterns that mean the same in Python and XPath, but for ``$`` and ``\S``: ASCII characters, escaped if needed,
#: classes of them, groups, and greedy repetitions. For all others, the library is imported, which is slow.
_CLASS = r"\[\^?(?:[A-Za-z]-[A-Za-z]|[0-9]-[0-9]|[A-Za-z0-9_.,:/#@ +])+-?\]"
_ATOM = rf"(?:[A-Za-z0-9_,:;/#@%&=~!<> -]|\\[|.?*+(){{}}\[\]^$\\-]|\\S|\)|{_CLASS})"
_TIMES = r"(?:[?*+]|\{\d{1,2}(?:,\d{0,2})?\})?"
_PLAIN = re.compile(rf"(?:[\^$|]|\((?!\?)|{_ATOM}{_TIMES})*")
_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}
_KNOWN_FLAGS = "smixq"
_IN_PYTHON = {"$": r"\Z", r"\S": _ESCAPES["S"]}


class NotAPattern(ValueError):
    """A text is no regular expression of XPath, or flags are none of its flags."""


@lru_cache(maxsize=1024)
def pattern(text: str, flags: str = "") -> re.Pattern[str]:
    """A pattern of Python that finds what ``REGEX(…, text, flags)`` finds.

    >>> bool(pattern("^a.c$", "i").search("ABC"))
    True

    :raises NotAPattern: *text* or *flags* are not valid
    """
    if not flags and (plain := _plain(text)) is not None:
        return plain
    from elementpath.regex import RegexError, translate_pattern  # takes a tenth of a second to import

    unknown = [flag for flag in flags if flag not in _KNOWN_FLAGS]
    if unknown:
        raise NotAPattern(f"no flag of regular expressions: “{unknown[0]}” (there are s, m, i, x and q)")
    options = re.NOFLAG
    for flag in flags:
        options |= _FLAGS.get(flag, re.NOFLAG)
    if "q" in flags:
        return re.compile(re.escape(text), options & re.IGNORECASE)
    prepared = "".join(_prepared(text, extended="x" in flags))
    try:
        translated = translate_pattern(prepared, options, "1.1")
        return re.compile(translated, options)
    except (RegexError, re.error, OverflowError) as error:
        raise NotAPattern(f"not a regular expression: {error}") from None


def _plain(text: str) -> re.Pattern[str] | None:
    """The pattern of *text* unchanged; ``None`` if XPath might read it in another way than Python.

    A ``$`` may stand at the very end.
    """
    if not _PLAIN.fullmatch(text):
        return None
    try:
        return re.compile(re.sub(r"\\.|\$", lambda found: _IN_PYTHON.get(found[0], found[0]), text))
    except re.error:  # the caller asks the library, which says what is wrong
        return None


def _prepared(text: str, *, extended: bool) -> Iterator[str]:
    """*text* with escapes written out that Python reads in another way; with flag *x*, without white space."""
    depth, characters = 0, iter(text)
    for character in characters:
        if character == "\\":
            escaped = next(characters, "")
            yield _ESCAPES.get(escaped, f"\\{escaped}") if depth == 0 else f"\\{escaped}"
            continue
        depth += (character == "[") - (character == "]" and depth > 0)
        if not (extended and depth == 0 and character in " \t\n\r"):
            yield character
