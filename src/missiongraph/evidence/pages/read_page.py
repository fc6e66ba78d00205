"""A saved page from a file: HTML, PDF or plain text, in any character encoding.

Size and nesting are limited before anything is parsed; a PDF is read in a process that has limits.
"""

from __future__ import annotations

import codecs
import io
import re
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from charset_normalizer import from_bytes

from missiongraph.errors import MissiongraphError, Place, Problem, reason_of
from missiongraph.evidence.pages.html import text_of_html
from missiongraph.evidence.pages.normalised_text import Passage, passages
from missiongraph.processes.bounded import results_within

#: Largest file that is read, and longest text that is checked.
MOST_BYTES = 8_000_000
MOST_CHARACTERS = 300_000

#: What reading a PDF may take: a small file can unpack to gigabytes, or say the same page again and again.
_PDF_SECONDS = 30
_PDF_MEMORY = 1 << 30

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(
    rb"""(?:<meta[^>]{0,200}?charset|<\?xml[^>]{0,100}?encoding)\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE
)
_MARKUP = re.compile(
    r"<(?:!doctype|html|head|body|main|article|div|p|ul|ol|h[1-6]|table|section|span)\b[^<>]*>", re.IGNORECASE
)
#: UTF-8 that was decoded as Windows-1252: the character of a lead byte and those of its continuation bytes.
_TWICE = re.compile("[\u00c2-\u00f4][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{1,3}")


@dataclass(frozen=True)
class Page:
    """The text of a page as a reader sees it.

    :ivar digest: ``sha256:`` and the SHA-256 digest of the file, in hexadecimal
    :ivar name: the name of the file
    """

    text: str
    digest: str
    name: str = ""

    @cached_property
    def is_empty(self) -> bool:
        """Whether its text is nothing but white space."""
        return not self.text.strip()

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """Its sentences, headings and list items, in order."""
        return passages(self.text)

    @cached_property
    def digests(self) -> frozenset[str]:
        """The digests of its passages."""
        return frozenset(passage.digest for passage in self.passages)


class UnreadablePage(MissiongraphError):
    """A file that no page can be read from."""


def read_page(file: Path) -> Page:
    """Read the page in *file*.

    :raises UnreadablePage: the file cannot be read, is too large, or holds no text
    """
    return page_of(read_bytes(file, MOST_BYTES, "page"), file.name)


def read_bytes(file: Path, most: int, what: str) -> bytes:
    """The bytes of *file*, which holds a *what*; of one with more than *most* one more than that.

    :raises UnreadablePage: it cannot be read
    """
    try:
        with file.open("rb") as stream:
            return stream.read(most + 1)
    except OSError as error:
        raise UnreadablePage(Problem(f"cannot read the {what} {file}: {reason_of(error)}")) from None


def page_of(data: bytes, name: str = "page") -> Page:
    """Read the page in *data*, the bytes of a file that is called *name*.

    :raises UnreadablePage: as :func:`read_page`
    """
    if len(data) > MOST_BYTES:
        raise _unreadable(name, f"it has more than {MOST_BYTES // 1_000_000} MB", "save the page without its pictures")
    if data.lstrip()[:5] == b"%PDF-":
        text = _text_of_pdf(data, name)
    else:
        text = decoded(data)
        if "\0" in text or (data and _share_of_controls(text) > 0.1):
            raise _unreadable(name, "it is neither text nor HTML nor PDF", "save the page as HTML or text")
        if name.lower().endswith((".html", ".htm", ".xhtml")) or _MARKUP.search(text[:20_000]):
            try:
                text = text_of_html(text)
            except ValueError as error:
                raise _unreadable(name, str(error), "save the text of the page instead") from None
    if len(text) > MOST_CHARACTERS:
        raise _unreadable(
            name, f"its text has more than {MOST_CHARACTERS} characters", "save the part that is the source"
        )
    return Page(text, f"sha256:{sha256(data).hexdigest()}", name)


def _unreadable(name: str, what: str, advice: str) -> UnreadablePage:
    return UnreadablePage(Problem(f"this page cannot be checked: {what}", Place(name), advice))


def decoded(data: bytes) -> str:
    """Decode *data*: by its byte order mark, as UTF-8, by the encoding that it declares, or by the likeliest one."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    if data[:4000].count(0) > len(data[:4000]) // 4:
        little = data[1:4000:2].count(0) > data[:4000:2].count(0)
        return data.decode("utf-16-le" if little else "utf-16-be", "replace")
    try:
        return _mended(data.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    declared = _DECLARED.search(data[:4096])
    if declared:
        try:
            encoding = codecs.lookup(declared[1].decode("ascii")).name
            if encoding != "utf-8":
                # as browsers do: Latin-1 is a name for Windows-1252 (WHATWG Encoding, section 4.2)
                return data.decode("cp1252" if encoding in ("iso8859-1", "ascii") else encoding, "replace")
        except (LookupError, UnicodeError):  # none that we know, or one of Python's that is for no page (punycode)
            pass
    utf8 = data.decode("utf-8", "replace")
    if utf8.count("\ufffd") * 20 < sum(byte > 127 for byte in data):  # a few broken bytes in UTF-8
        return utf8
    western = data.decode("cp1252", "replace")
    best = from_bytes(data[:50_000], cp_isolation=["cp1252", "iso8859_15", "mac_roman", "cp1250", "cp850"]).best()
    guessed = data.decode(best.encoding, "replace") if best else western
    return min((western, data.decode("iso8859-15"), data.decode("mac-roman"), guessed), key=_strangeness)


def _strangeness(text: str) -> int:
    """How many characters of *text* are rare in European prose."""
    usual = "€£’‘“”«»–—…•°àèéìòùÀÈÉÌÒÙäöüßÄÖÜáíóúñçêâîôûëïœæøå\u00a0\u00ad"
    return sum(1 for character in text if ord(character) > 126 and character not in usual)


def _mended(text: str) -> str:
    """Repair *text* that was UTF-8, decoded as Windows-1252 and encoded again: "Ã¨" becomes "è"."""

    def mend(found: re.Match[str]) -> str:
        data = b"".join(c.encode("latin-1") if 0x80 <= ord(c) < 0x100 else c.encode("cp1252") for c in found[0])
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return found[0]

    return _TWICE.sub(mend, text)


def _share_of_controls(text: str) -> float:
    start = text[:5000]
    return sum(1 for c in start if ord(c) < 32 and c not in "\t\n\r\f\v") / max(1, len(start))


def _text_of_pdf(data: bytes, name: str) -> str:
    import pypdf  # noqa: F401  # once here, so that the processes need not

    advice = "save the page as HTML or text"
    ((_, found),) = results_within(_PDF_SECONDS, _PDF_MEMORY, _extracted, [data])
    if found is None:
        limits = f"{_PDF_SECONDS} s of processor time and {_PDF_MEMORY >> 20} MB of memory"
        raise _unreadable(name, f"the text of the PDF was not found within {limits}", advice)
    text, fault = found
    if fault:
        raise _unreadable(name, f"the PDF is broken ({fault})", advice)
    if not text.strip():
        raise _unreadable(name, "the PDF has no text, perhaps only pictures of it", advice)
    return text


def _extracted(data: bytes) -> tuple[str, str]:
    """The text of a PDF, and the class of what the library raised, if it did."""
    import logging

    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        return "\n\n".join(page.extract_text() for page in list(PdfReader(io.BytesIO(data)).pages)[:200]), ""
    except MemoryError:
        raise
    except Exception as error:  # what pypdf raises on a broken file has no end: IndexError, NotImplementedError …
        return "", type(error).__name__
