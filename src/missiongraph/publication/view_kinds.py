"""The kinds of views that the header of a query file may ask for (``view:``).

A kind that is added here is drawn by ``web/content/rows/view_content.py``; what its rows must have is a check of
``validation/checks/queries.py``.
"""

from __future__ import annotations

from typing import Literal, get_args

ViewKind = Literal["map", "timeline", "ladder", "chart", "table", "story"]
VIEW_KINDS: tuple[ViewKind, ...] = get_args(ViewKind)
