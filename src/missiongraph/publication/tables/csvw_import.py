"""Imports the library ``csvw`` without three modules that this program does not use of it.

Half of its import time went into RDFLib (for output as JSON-LD), jsonschema (for cells that hold JSON) and rfc3986
(for cells that hold IRIs).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any


class _Later(ModuleType):
    """A stand-in for a module, which is imported when an attribute of it is first used."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # the machinery of imports asks for these
            raise AttributeError(name)
        return getattr(import_module(self.__name__), name)


@contextmanager
def _later(*names: str) -> Iterator[None]:
    """Imports within the block get stand-ins for the modules *names*; after the block, imports are as usual."""
    stand_ins = {name: _Later(name) for name in names if name not in sys.modules}
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name in stand_ins:
            del sys.modules[name]


with _later("csvw.jsonld", "jsonschema", "rfc3986"):
    from csvw import Table, TableGroup
    from csvw.metadata import NAMESPACES, URITemplate

__all__ = ["NAMESPACES", "Table", "TableGroup", "URITemplate"]
