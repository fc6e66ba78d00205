"""What the doctor finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: ``fault``: something does not work. ``better``: it works, and could do more. ``good``: nothing is to be done.
Level = Literal["fault", "better", "good"]


@dataclass(frozen=True)
class Finding:
    """What is so, and what to do.

    :ivar about: what was looked at, such as ``port``
    :ivar advice: what to do; empty if *level* is ``good``
    """

    about: str
    level: Level
    what: str
    advice: str = ""
