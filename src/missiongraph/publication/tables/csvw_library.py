"""What is used of the library ``csvw``, without the modules that it imports for what is not asked of it here.

RDFLib (its own output as JSON-LD), jsonschema (cells that hold JSON) and rfc3986 (cells that hold IRIs) took half of
the time that it needs to be there.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any


class _Later(ModuleType):
    """Stands for a module, which is imported when something of it is first used."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # the machinery of imports asks for these
            raise AttributeError(name)
        return getattr(import_module(self.__name__), name)


@contextmanager
def _later(*names: str) -> Iterator[None]:
    """Who imports the modules *names* within the block gets them at the first use; nobody else sees a difference."""
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
