"""The normalised text of a page, in which phrases are looked up, and its passages.

Pages, phrases and digests go through the same normalisation. It makes one character of all apostrophes, of all
quotation marks and of all dashes, applies NFKC, drops invisible characters, and makes one space of white space. It
drops numbers and bullets of lists, because a browser draws them although they are not in the text of the page. For
each character of the result it keeps the place in the original text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise

_FOLDED = {
    **dict.fromkeys(map(ord, "‘’‚‛ʹʻʼˈ′´`\uff07\uff40"), "'"),
    **dict.fromkeys(map(ord, "“”„‟«»″\uff02"), '"'),
    **dict.fromkeys(map(ord, "‐‑‒–—―−⁃\u2e3a\u2e3b\ufe58\ufe63\uff0d"), "-"),
}
_BREAKS = r"\n\r\v\f\x85\u2028\u2029"
_LINE = re.compile(rf"(?:^|\r\n|[{_BREAKS}])[^\S{_BREAKS}]*(?P<words>[^{_BREAKS}]*)")
_NUMBER = re.compile(r"(?<!\S)(\d{1,3})[.)](?=\s)")
#: A label of an item at the start of a line: 1. (1) 1 - a) (a) A. iv) 1; 1
_LABEL = re.compile(
    r"(?P<open>[(\[]?)(?P<label>\d{1,3}|[ivxIVX]{1,5}|[A-Za-z])(?P<close>[^\S\n]?[.)\]:;,!°…\-‐‑‒–—−]{1,3}|)"
    r"(?P<gap>[^\S\n]*)(?=\w)"
)
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv")
_RUNNING = (_NUMBER, re.compile(r"(?<!\S)\(?([A-Za-z])\)(?=\s)"), re.compile(r"(?<!\S)\((\d{1,3})\)(?=\s)"))
_BULLET = re.compile(r"[-*+–—•◦‣⁃▪▫●○■□·](?=\s)")
_RUNNING_BULLET = re.compile(r"(?<!\S)[•◦‣⁃▪▫●○■□](?=\s)")
_SENTENCE_END = re.compile(r"(?<![.!?])[.!?]++[\"')\]]*+ (?=[\"'(\[]*(?P<next>\w|[^\w\s]))")
_ABBREVIATED = re.compile(
    r"(?:^|[\s('\"])(?:[^\W\d_]|\d{1,2}|e\.g|i\.e|c\.d|al|art|artt|approx|ca|cf|dott|dr|ecc|ed|fig|ing|jr|mr|mrs|ms|"
    r"nn|no|nos|nr|jan|feb|aug|sept?|oct|nov|dec|pag|pp|prof|sig|sr|st|vol|vs)\.$",
    re.IGNORECASE,
)
_GOES_ON_BEFORE = re.compile(r"(?:\d[.,:/'-]|[-+±~<>≤≥≈]|\d ?(?:-|to|or|and|o|e|a) ?)$")
_GOES_ON_AFTER = re.compile(r"[.,:/'-]\d|[+%‰]| ?- ?[€$£]?\d| (?:to|or|o|a) [€$£]?\d")
_PREFIXED = re.compile(r"\b(?:non|un|ex|co|anti|semi|quasi|pseudo|vice)-$", re.IGNORECASE)
_FIGURE_SIGNS = frozenset("€$£¥")


#: The style of a label: its kind and letter case, the sign before it, the sign behind it.
_Style = tuple[str, str, str]


@dataclass(frozen=True)
class NormalisedText:
    """Normalised text with its way back to the original.

    :ivar spans: for each character, where the original that it stands for begins and ends
    :ivar breaks: the characters at which a block (paragraph or list item) begins, but for the first
    """

    text: str
    spans: tuple[tuple[int, int], ...]
    breaks: tuple[int, ...] = ()


@dataclass(frozen=True)
class Passage:
    """A sentence, heading or list item: its normalised text, and where it starts in the normalised page."""

    text: str
    start: int

    @property
    def digest(self) -> str:
        """The digest of its text (:func:`passage_digest`)."""
        return passage_digest(self.text)


def normalise(text: str, *, lists: bool = True) -> NormalisedText:
    r"""Normalise *text*.

    >>> normalise("  7. Prato\n  8. Rome").text
    'Prato Rome'
    >>> normalise("“qulity”\u00ad – 630.35\u00a0KB").text
    '"qulity" - 630.35 KB'

    :param lists: whether to drop numbers and bullets of lists; ``False`` for a phrase, which may begin with a dash
    """
    marks, paragraphs = _list_marks(text) if lists else ({}, frozenset[int]())
    read: list[tuple[str, tuple[int, int]]] = []
    breaks: list[int] = []
    space: tuple[int, int] | None = None
    broken, position = False, 0
    while position < len(text):
        broken = broken or position in paragraphs or position in marks
        if position in marks:
            space, position = space or (position, marks[position]), marks[position]
            continue
        place = position, _cluster_end(text, position)
        for character in _fold(text[slice(*place)]):
            if character.isspace():
                space = space or place
                continue
            if space and read:
                read.append((" ", space))
            if broken and read:
                breaks.append(len(read))
            space, broken = None, False
            read.append((character, place))
        position = place[1]
    return NormalisedText("".join(c for c, _ in read), tuple(span for _, span in read), tuple(breaks))


def passages(text: str) -> tuple[Passage, ...]:
    r"""The passages of plain *text*, in order. Blank lines, list items and ends of sentences separate them.

    >>> [passage.text for passage in passages("By 2030.\n\n 1. Bergamo\n 2. Bologna\n\n630.35 KB. Download it.")]
    ['By 2030.', 'Bergamo', 'Bologna', '630.35 KB.', 'Download it.']
    """
    page = normalise(text)
    found: list[Passage] = []
    for begin, end in pairwise((0, *page.breaks, len(page.text))):
        start = begin
        for match in (*_SENTENCE_END.finditer(page.text, start, end), None):
            sentence = page.text[start : match.end() if match else end].rstrip(" ")
            if match and (match["next"].islower() or _ABBREVIATED.search(sentence.rstrip("\"')]"))):
                continue
            if sentence:
                found.append(Passage(sentence, start))
            start = match.end() if match else end
    return tuple(found)


def passage_digest(text: str) -> str:
    """The digest of a passage (``mg:passageDigest``): SHA-256 of its normalised text in UTF-8.

    >>> passage_digest("By  2030.") == passage_digest("By 2030.")
    True
    """
    return f"sha256:{sha256(normalise(text).text.encode()).hexdigest()}"


def occurrences(page: NormalisedText, exact: str, prefix: str = "", suffix: str = "") -> Iterator[tuple[int, int]]:
    """The places (start, end) where *exact* stands in *page* between *prefix* and *suffix*, as whole words and figures.

    >>> page = normalise("19 September, 9 September")
    >>> list(occurrences(page, "9 September"))
    [(14, 25)]
    """
    phrase, before, after = (normalise(part, lists=False).text for part in (exact, prefix, suffix))
    place = page.text.find(phrase)
    while phrase and place >= 0:
        end = place + len(phrase)
        left = page.text[max(0, place - len(before) - 4) : place].rstrip(" ")
        right = page.text[end : end + len(after) + 8].lstrip(" ")
        fits = left.endswith(before) and right.startswith(after) and is_whole(page.text, place, end)
        if fits and is_whole(left, len(left) - len(before), len(left)) and is_whole(right, 0, len(after)):
            yield place, end
        place = page.text.find(phrase, place + 1)


def is_whole(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]`` begins and ends with whole words and whole figures.

    >>> is_whole("103-130 cities", 0, 3), is_whole("103 cities", 0, 3)
    (False, True)
    """
    if start == end:
        return True
    first, last = text[start], text[end - 1]
    before, after = text[max(0, start - 6) : start], text[end : end + 8]
    if _PREFIXED.search(before):
        return False
    if (first.isalnum() and before[-1:].isalnum()) or (last.isalnum() and after[:1].isalnum()):
        return False
    return not (
        ((first.isdigit() or first in _FIGURE_SIGNS) and _GOES_ON_BEFORE.search(before))
        or (last.isdigit() and _GOES_ON_AFTER.match(after))
    )


def _fold(cluster: str) -> str:
    folded = unicodedata.normalize("NFKC", cluster.translate(_FOLDED)).translate(_FOLDED)
    return "".join(c for c in folded if c.isspace() or unicodedata.category(c) not in ("Cf", "Cc"))


def _cluster_end(text: str, start: int) -> int:
    """The end of the characters that NFKC may compose with the one at *start*."""
    end = start + 1
    while end < len(text) and not text[end].isascii():
        joined, parted = (unicodedata.normalize("NFKC", text[start:end] + gap + text[end]) for gap in ("", "\0"))
        if not unicodedata.combining(text[end]) and joined == parted.replace("\0", ""):
            return end
        end += 1
    return end


def _list_marks(text: str) -> tuple[dict[int, int], frozenset[int]]:
    """The start and end of each number or bullet of a list, and the starts of lines that follow a blank line.

    A number at the start of a line is a list number if a paragraph begins there or if it continues the count: a line
    may begin with "2030." by chance. In running text, numbers are list numbers if they count from 1 to at least 2.
    """
    marks: dict[int, int] = {}
    paragraphs: set[int] = set()
    begins_paragraph, in_bullets, in_numbers, expected = True, False, False, 1
    for line in _LINE.finditer(text):
        if not line["words"]:
            begins_paragraph = True
            continue
        start = line.start("words")
        number, bullet = _NUMBER.match(text, start), _BULLET.match(text, start)
        if begins_paragraph:
            paragraphs.add(start)
        if number and (
            begins_paragraph or int(number[1]) in (1, expected) or (in_numbers and abs(int(number[1]) - expected) < 10)
        ):
            marks[start], expected = number.end(), int(number[1]) + 1
            in_numbers, begins_paragraph = True, False
            continue
        if bullet and (begins_paragraph or in_bullets):
            marks[start], in_bullets = bullet.end(), True
        elif begins_paragraph:
            in_bullets, expected = False, 1
        begins_paragraph = in_numbers = False
    for pattern in _RUNNING:
        marks = _running(text, pattern) | marks
    marks = _labels(text) | marks
    return marks | {match.start(): match.end() for match in _RUNNING_BULLET.finditer(text)}, frozenset(paragraphs)


def _running(text: str, pattern: re.Pattern[str]) -> dict[int, int]:
    """The start and end of labels in running text that count from 1 (or a) to at least 2; one may be missing."""
    marks: dict[int, int] = {}
    chain: list[re.Match[str]] = []
    last = 0
    for match in (*pattern.finditer(text), None):
        label = match[1] if match is not None else ""
        number = int(label) if label.isdigit() else ord(label.casefold()) - ord("a") + 1 if label else 0
        if match is not None and last < number <= last + (2 if len(chain) > 1 else 1):
            chain.append(match)
            last = number
        elif number <= 1:
            marks |= {found.start(): found.end() for found in chain if len(chain) > 1}
            chain, last = ([match], 1) if match is not None else ([], 0)
    return marks


def _labels(text: str) -> dict[int, int]:
    """The start and end of labels of lines that count on: letters, Roman numerals, numbers, with or without a sign.

    Three lines in one style make a list, two if brackets close the labels. Up to two may be missing between them.
    """
    marks: dict[int, int] = {}
    runs: dict[_Style, list[tuple[int, re.Match[str]]]] = {}
    lines = [line.start("words") for line in _LINE.finditer(text) if line["words"]]
    for label in (*(_LABEL.match(text, start) for start in lines), None):
        readings = _read_label(label) if label is not None else {}
        for style in [*runs]:
            last = runs[style][-1][0]
            if style not in readings or not last < readings[style] <= last + 3:
                marks |= _of_run(style, runs.pop(style))
        for style, number in readings.items():
            if label is not None and (style in runs or number <= 2):
                runs.setdefault(style, []).append((number, label))
    return marks


def _read_label(found: re.Match[str]) -> dict[_Style, int]:
    """The number of a label in each way in which it can be read: as number, letter or Roman numeral."""
    label, close, gap = found["label"], found["close"].strip(), bool(found["gap"])
    upper, low = label.isupper(), label.casefold()
    if not (close or (gap and label.isdigit())) or (close and not gap and _figure_goes_on(found)):
        return {}
    style = (found["open"], close)
    ways: dict[_Style, int] = {}
    if label.isdigit():
        ways["number", *style] = int(label)
    elif len(label) == 1:
        ways[f"letter {upper}", *style] = ord(low) - ord("a") + 1
    if low in _ROMAN:
        ways[f"roman {upper}", *style] = _ROMAN.index(low) + 1
    return ways


def _figure_goes_on(found: re.Match[str]) -> bool:
    """Whether a digit follows the label without a space: 9:30, 1.250."""
    return found.string[found.end() : found.end() + 1].isdigit()


def _of_run(style: _Style, run: list[tuple[int, re.Match[str]]]) -> dict[int, int]:
    least = 2 if style[2][-1:] in (")", "]") else 3
    return {found.start(): found.end() for _, found in run} if len(run) >= least else {}
