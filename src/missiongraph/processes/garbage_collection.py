"""Pauses Python's search for circular garbage where it would find none."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def search_paused() -> Iterator[None]:
    """Pauses the search for circular garbage within the block, which makes millions of objects and keeps all of them.

    Each search looks at all objects. Reading the shipped publication took half as long again with it.
    """
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searching:
            gc.enable()
