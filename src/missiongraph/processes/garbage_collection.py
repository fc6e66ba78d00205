"""The garbage collector of Python, where its searches find nothing."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def search_paused() -> Iterator[None]:
    """No search for circular garbage within the block, which makes millions of objects that are all kept.

    Each search looks at all that is there already: reading the shipped publication took half as long again.
    """
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searching:
            gc.enable()
