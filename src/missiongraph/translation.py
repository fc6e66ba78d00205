"""Translations of the interface: English sentences and their forms in the reader's language.

Code and templates hold the English sentences. ``translations/{language}.po`` holds their translations; Babel compiles
them in memory, so no compiled catalogue is kept. A language without a catalogue gets English.
"""

from __future__ import annotations

from functools import lru_cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path

_FOLDER = Path(__file__).parent / "translations"


def interface_languages() -> tuple[str, ...]:
    """The languages that the interface is available in: English, and each language with a catalogue."""
    written = (entry.name for entry in _FOLDER.iterdir())
    return ("en", *sorted(name.removesuffix(".po") for name in written if name.endswith(".po")))


@lru_cache
def catalogue(language: str) -> NullTranslations:
    """The translations of *language*, else of its main language ("it" for "it-CH"), else none, which means English.

    >>> catalogue("it-CH").gettext("Sources of this page")
    'Fonti di questa pagina'
    """
    for name in (language.replace("_", "-"), language.replace("_", "-").partition("-")[0]):
        file = _FOLDER / f"{name}.po"
        if name in interface_languages() and file.is_file():
            from babel.messages.mofile import write_mo  # not needed for English
            from babel.messages.pofile import read_po
            from babel.support import Translations

            compiled = BytesIO()
            with file.open("rb") as written:
                write_mo(compiled, read_po(written, locale=name.replace("-", "_")))
            compiled.seek(0)
            return Translations(fp=compiled)
    return NullTranslations()


def message(text: str) -> str:
    """Return *text* unchanged, and mark it for the catalogue: it is written here and translated elsewhere.

    Sentences that code passes on as values go through this function. Without it, the test that every sentence has a
    translation would miss them.
    """
    return text


def translate(language: str, message: str, **variables: object) -> str:
    """Translate an English *message* into *language* and fill in its ``%(variables)s``.

    >>> translate("it", "Download")
    'Scarica'
    """
    text = catalogue(language).gettext(message)
    return text % variables if variables else text


def translate_count(language: str, one: str, many: str, number: int, **variables: object) -> str:
    """Translate a sentence whose form depends on *number*: *one* is the singular, *many* the plural.

    ``%(num)s`` stands for the number in both.
    """
    return catalogue(language).ngettext(one, many, number) % {"num": number, **variables}
