"""``missiongraph doctor``: looks at everything that a site depends on, and says of each thing what to do.

:mod:`~missiongraph.doctor.machine` looks at the computer, :mod:`~missiongraph.doctor.publication` at a publication and
its build.
"""

from missiongraph.doctor.findings import Finding, Level
from missiongraph.doctor.machine import look_at_machine
from missiongraph.doctor.publication import look_at_publication

__all__ = ["Finding", "Level", "look_at_machine", "look_at_publication"]
