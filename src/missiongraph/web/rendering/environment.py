"""The Jinja environment: it renders view models as HTML.

A page is a pure function of its view model and its layout. Texts of the interface are looked up in the language of
the layout, so that one environment serves all languages.
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
from missiongraph.web.rendering.kept_from_robots import with_nofollow
from missiongraph.web.rendering.view_models import Edition, Link, PageLayout, derived_from_facts

FONTS = "vendor/piazzolla/piazzolla-latin-wght-normal.woff2"
"""The font file. Without it, pages use the fonts of the reader's system."""

EDITOR = "vendor/editor/editor.js"
"""The script of the query editor. Without it, the query page has a plain text area."""

ENGINE = "vendor/oxigraph/web_bg.wasm"
"""The query engine for browsers. Without it, the page for SPARQL in the browser says that it is missing."""

#: Most rendered footers that are kept. All pages of a language share one.
_FEET = 32

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_DIRECTION = re.compile(r"[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_IN_SCRIPT = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def missing_front_end_files() -> tuple[str, ...]:
    """What this installation lacks of the files that npm brings, in words."""
    files = {"the typeface": FONTS, "the query editor": EDITOR, "the query engine for browsers": ENGINE}
    return tuple(name for name, file in files.items() if not _has_file(file))


class Renderer:
    """Renders the templates of the package.

    :param url: gives the address of a file of this software, such as `static/site.css`; by default at the root of the
        host
    :param draft: the identifier of the build, if it is a draft, whose pages follow what is served
    :param static: whether pages become files, which robots may all visit
    """

    def __init__(
        self, url: Callable[[str], str] = "/{}".format, *, draft: str | None = None, static: bool = False
    ) -> None:
        self._for_robots = str if static else with_nofollow
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
            draft=draft,
            has_fonts=_has_file(FONTS),
            editor_script=f"static/{EDITOR}",
            marks=derived_from_facts.marks,
            sources_among=derived_from_facts.sources_among,
            independent=derived_from_facts.independent,
        )
        self._foot = lru_cache(maxsize=_FEET)(self._write_foot)

    @property
    def has_engine(self) -> bool:
        """Whether the query engine for browsers is installed."""
        return _has_file(ENGINE)

    @property
    def has_editor(self) -> bool:
        """Whether the query editor for browsers is installed."""
        return _has_file(EDITOR)

    def render(self, template_name: str, view: object, layout: PageLayout) -> str:
        """The page as HTML that ends in a newline."""
        template = self._environment.get_template(template_name)
        foot = self._foot(layout.language, layout.everything, layout.machines, layout.edition)
        page = template.render(view=view, layout=layout, foot=foot, **_words(layout.language))
        followed = "nofollow" not in (layout.robots or "")
        return (self._for_robots(page) if followed else page) + "\n"

    def _write_foot(
        self, language: str, everything: tuple[Link, ...], machines: tuple[Link, ...], edition: Edition
    ) -> Markup:
        layout = PageLayout("", language, "", "", everything=everything, machines=machines, edition=edition)
        return Markup(self._environment.get_template("_foot.html").render(layout=layout, **_words(language)))


class _Context(Context):
    """A Jinja context that calls macros directly.

    None of our macros needs the context, and a page calls a thousand of them.
    """

    def call(self, called: Callable[..., Any], /, *arguments: Any, **named: Any) -> Any:
        named.pop("_loop_vars", None)
        named.pop("_block_vars", None)
        return called(*arguments, **named)


def _has_file(name: str) -> bool:
    return (files("missiongraph.web") / "static" / name).is_file()


def plain(text: str) -> str:
    """*text* for a title or an attribute: one line, without direction overrides."""
    return " ".join(_DIRECTION.sub("", _printable(text)).split())


def json_script(document: str) -> Markup:
    """A JSON document for a script element. No character in it can end the element."""
    return Markup(_printable(document).translate(_IN_SCRIPT))


def _printable(value: Any) -> Any:
    """*value* with U+FFFD for characters that HTML forbids. Markup is unchanged, as it was made of clean parts."""
    if isinstance(value, str) and not isinstance(value, Markup) and _UNPRINTABLE.search(value):
        return _UNPRINTABLE.sub("\ufffd", value)
    return value


@lru_cache
def _words(language: str) -> Mapping[str, Callable[..., str]]:
    translations = catalogue(language)
    plain_texts: dict[str, Markup] = {}  # translations without placeholders, which most messages are

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
