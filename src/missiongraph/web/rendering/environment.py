"""Pages as text: one Jinja environment, view models in, HTML out.

A page is a pure function of its view model and its layout. Interface strings are looked up in the
frame's language, so one environment serves all languages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.runtime import Context
from markupsafe import Markup

from missiongraph.translation import catalogue
from missiongraph.web.rendering import formatting
from missiongraph.web.rendering.view_models import Edition, Link, PageLayout, evidence_strip

FONTS = "vendor/piazzolla/piazzolla-latin-wght-normal.woff2"
"""The font whose absence makes pages fall back to what the reader's system has."""

EDITOR = "vendor/editor/editor.js"
"""The script whose absence leaves the query page with a plain form."""

ENGINE = "vendor/oxigraph/web_bg.wasm"
"""The query engine for browsers, without which the page that asks nobody says so."""

#: What stands below the pages of a language is kept; a site has few languages.
_FEET = 32

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
            loader=PackageLoader("missiongraph.web.rendering"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
            finalize=_printable,
        )
        self._environment.context_class = _Context
        self._environment.policies["ext.i18n.trimmed"] = True
        self._environment.newstyle_gettext = True  # type: ignore[attr-defined]
        self._environment.filters.update(plain=plain, json_script=json_script)
        self._environment.globals.update(
            url=url,
            has_fonts=_has_file(FONTS),
            editor_script=f"static/{EDITOR}",
            marks=evidence_strip.marks,
            sources_among=evidence_strip.sources_among,
            independent=evidence_strip.independent,
        )
        self._foot = lru_cache(maxsize=_FEET)(self._write_foot)

    @property
    def has_engine(self) -> bool:
        """Whether browsers can be given a query engine."""
        return _has_file(ENGINE)

    @property
    def has_editor(self) -> bool:
        """Whether browsers can be given a query editor."""
        return _has_file(EDITOR)

    def render(self, template_name: str, view: object, layout: PageLayout) -> str:
        """The whole page as text, ending in a newline."""
        template = self._environment.get_template(template_name)
        foot = self._foot(layout.language, layout.everything, layout.machines, layout.edition)
        return template.render(view=view, layout=layout, foot=foot, **_words(layout.language)) + "\n"

    def _write_foot(
        self, language: str, everything: tuple[Link, ...], machines: tuple[Link, ...], edition: Edition
    ) -> Markup:
        layout = PageLayout("", language, "", "", everything=everything, machines=machines, edition=edition)
        return Markup(self._environment.get_template("_foot.html").render(layout=layout, **_words(language)))


class _Context(Context):
    """Calls what templates call at once: none of it wants Jinja's context, and a page calls a thousand macros."""

    def call(self, called: Callable[..., Any], /, *arguments: Any, **named: Any) -> Any:
        named.pop("_loop_vars", None)
        named.pop("_block_vars", None)
        return called(*arguments, **named)


def _has_file(name: str) -> bool:
    return (files("missiongraph.web") / "static" / name).is_file()


def plain(text: str) -> str:
    """A text for places without markup (titles, attributes): one line, no direction overrides."""
    return " ".join(_DIRECTION.sub("", _printable(text)).split())


def json_script(document: str) -> Markup:
    """JSON that may stand inside a script element: nothing in it can end the element."""
    return Markup(_printable(document).translate(_IN_SCRIPT))


def _printable(value: Any) -> Any:
    """*value* without characters that no page may hold; what is marked up was made of parts that were cleaned."""
    if isinstance(value, str) and not isinstance(value, Markup) and _UNPRINTABLE.search(value):
        return _UNPRINTABLE.sub("\ufffd", value)
    return value


@lru_cache
def _words(language: str) -> Mapping[str, Callable[..., str]]:
    translations = catalogue(language)
    plain_texts: dict[str, Markup] = {}  # of the messages without a blank, which are most

    def gettext(message: str, **variables: object) -> str:
        if variables:
            return _filled(translations.gettext(message), variables)
        if message not in plain_texts:
            plain_texts[message] = _filled(translations.gettext(message), {})
        return plain_texts[message]

    def ngettext(one: str, many: str, number: int, **variables: object) -> str:
        named = {"num": formatting.format_integer(number, language), **variables}
        return _filled(translations.ngettext(one, many, number), named)

    def grouped(number: int) -> str:
        return formatting.format_integer(number, language)

    return {"gettext": gettext, "ngettext": ngettext, "_": gettext, "grouped": grouped}


def _filled(message: str, variables: Mapping[str, object]) -> Markup:
    return Markup(message) % {name: _printable(value) for name, value in variables.items()}
