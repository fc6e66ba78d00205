"""Pages as text: one Jinja environment, view models in, HTML out.

A page is a pure function of its view model and its frame. Interface strings are looked up in the
frame's language, so one environment serves all languages.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from missiongraph.web import formatting
from missiongraph.web.views import Frame, summaries
from missiongraph.web.wording import catalogue

FONTS = "vendor/piazzolla/piazzolla-latin-wght-normal.woff2"
"""The font whose absence makes pages fall back to what the reader's system has."""

EDITOR = "vendor/editor/editor.js"
"""The script whose absence leaves the query page with a plain form."""

ENGINE = "vendor/oxigraph/web_bg.wasm"
"""The query engine for browsers, without which the page that asks nobody says so."""

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_DIRECTION = re.compile(r"[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_IN_SCRIPT = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


class Renderer:
    """Renders the templates of the package.

    `url` gives the address of a file that belongs to the software (`static/site.css`); by default it
    lies at the root of the host.
    """

    def __init__(self, url: Callable[[str], str] = "/{}".format) -> None:
        self._environment = Environment(
            loader=PackageLoader("missiongraph.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
            finalize=_printable,
        )
        self._environment.policies["ext.i18n.trimmed"] = True
        self._environment.newstyle_gettext = True  # type: ignore[attr-defined]
        self._environment.filters.update(plain=plain, json_script=json_script)
        self._environment.globals.update(
            url=url,
            has_fonts=_has_file(FONTS),
            editor_script=f"static/{EDITOR}",
            marks=summaries.marks,
            sources_among=summaries.sources_among,
            independent=summaries.independent,
        )

    @property
    def has_engine(self) -> bool:
        """Whether browsers can be given a query engine."""
        return _has_file(ENGINE)

    @property
    def has_editor(self) -> bool:
        """Whether browsers can be given a query editor."""
        return _has_file(EDITOR)

    def render(self, template_name: str, view: object, frame: Frame) -> str:
        """The whole page as text, ending in a newline."""
        template = self._environment.get_template(template_name)
        return template.render(view=view, frame=frame, **_words(frame.language)) + "\n"


def _has_file(name: str) -> bool:
    return (files("missiongraph.web") / "static" / name).is_file()


def plain(text: str) -> str:
    """A text for places without markup (titles, attributes): one line, no direction overrides."""
    return " ".join(_DIRECTION.sub("", _printable(text)).split())


def json_script(document: str) -> Markup:
    """JSON that may stand inside a script element: nothing in it can end the element."""
    return Markup(_printable(document).translate(_IN_SCRIPT))


def _printable(value: Any) -> Any:
    if isinstance(value, str) and _UNPRINTABLE.search(value):
        cleaned = _UNPRINTABLE.sub("\ufffd", value)
        return Markup(cleaned) if isinstance(value, Markup) else cleaned
    return value


def _words(language: str) -> dict[str, Callable[..., str]]:
    translations = catalogue(language)

    def gettext(message: str, **variables: object) -> str:
        return Markup(translations.gettext(message)) % variables

    def ngettext(one: str, many: str, number: int, **variables: object) -> str:
        named = {"num": formatting.format_integer(number, language), **variables}
        return Markup(translations.ngettext(one, many, number)) % named

    def grouped(number: int) -> str:
        return formatting.format_integer(number, language)

    return {"gettext": gettext, "ngettext": ngettext, "_": gettext, "grouped": grouped}
