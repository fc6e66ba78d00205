"""missiongraph: a publisher of linked data whose facts show the words they rest on.

::

    import missiongraph as mg

    pub = mg.open("DIR")                     # a publication, or a build
    pub = mg.connect("https://example.org")  # a site that missiongraph serves, anywhere
    pub.query("SELECT ?city WHERE { ?city a schema:City }").to_pandas()
    pub["id/city/bologna"].label("it")

All names in ``__all__`` are public, and ``docs/python.md`` says how long they stay. They are imported when they are
first used, so that the import itself is quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from missiongraph import errors
    from missiongraph.api.facts import Evidence, Fact, Source
    from missiongraph.api.opening import connect, open
    from missiongraph.api.publication import Match, Publication, Report, ValidationResult
    from missiongraph.api.sentences import CheckedSentence
    from missiongraph.api.table import Table
    from missiongraph.api.thing import Thing
    from missiongraph.api.values import IRI, BlankNode, Text

__all__ = [
    "IRI",
    "BlankNode",
    "CheckedSentence",
    "Evidence",
    "Fact",
    "Match",
    "Publication",
    "Report",
    "Source",
    "Table",
    "Text",
    "Thing",
    "ValidationResult",
    "__version__",
    "connect",
    "errors",
    "open",
]

__version__: str

#: The module of each public name.
_MODULES = {
    "IRI": "values",
    "BlankNode": "values",
    "Text": "values",
    "Table": "table",
    "Thing": "thing",
    "Evidence": "facts",
    "Fact": "facts",
    "Source": "facts",
    "CheckedSentence": "sentences",
    "Match": "publication",
    "Publication": "publication",
    "Report": "publication",
    "ValidationResult": "publication",
    "connect": "opening",
    "open": "opening",
}


def __getattr__(name: str) -> object:
    """A public name, imported when it is asked for: graphs and parsers take a third of a second."""
    from importlib import import_module

    if name == "__version__":
        return _version()
    if name == "errors":
        return import_module("missiongraph.errors")
    if name in _MODULES:
        return getattr(import_module(f"missiongraph.api.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """The public names, for those who look around."""
    return sorted({*globals(), *__all__})


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version  # it brings the parser of e-mails

    try:
        return version(__name__)
    except PackageNotFoundError:  # read from a checkout that nobody installed
        return "0+unknown"
