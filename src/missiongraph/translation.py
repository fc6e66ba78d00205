"""The words of the interface in the reader's language.

Sentences are written in English where they are used and translated in `translations/{language}.po`,
which Babel reads in memory: nothing compiled is kept. A language without a catalogue reads English.
"""

from __future__ import annotations

from functools import lru_cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path

_FOLDER = Path(__file__).parent / "translations"


def interface_languages() -> tuple[str, ...]:
    """The languages in which the interface itself speaks."""
    written = (entry.name for entry in _FOLDER.iterdir())
    return ("en", *sorted(name.removesuffix(".po") for name in written if name.endswith(".po")))


@lru_cache
def catalogue(language: str) -> NullTranslations:
    """The translations of a language, of its main language, or none (English).

    >>> catalogue("it-CH").gettext("Sources of this page")
    'Fonti di questa pagina'
    """
    for name in (language.replace("_", "-"), language.replace("_", "-").partition("-")[0]):
        file = _FOLDER / f"{name}.po"
        if name in interface_languages() and file.is_file():
            from babel.messages.mofile import write_mo  # English needs none of it
            from babel.messages.pofile import read_po
            from babel.support import Translations

            compiled = BytesIO()
            with file.open("rb") as written:
                write_mo(compiled, read_po(written, locale=name.replace("-", "_")))
            compiled.seek(0)
            return Translations(fp=compiled)
    return NullTranslations()


def message(text: str) -> str:
    """Marks an English sentence that is written down here and said elsewhere, so that its translation is not missed."""
    return text


def translate(language: str, message: str, **variables: object) -> str:
    """An English sentence of the interface in another language, with its `%(variables)s` filled in.

    >>> translate("it", "Download")
    'Scarica'
    """
    text = catalogue(language).gettext(message)
    return text % variables if variables else text


def translate_count(language: str, one: str, many: str, number: int, **variables: object) -> str:
    """The same where a number decides between singular and plural; it is `%(num)s` in both."""
    return catalogue(language).ngettext(one, many, number) % {"num": number, **variables}
