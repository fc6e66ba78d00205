"""Runs work in processes of its own.

:mod:`~missiongraph.processes.background` runs it while other work goes on,
:mod:`~missiongraph.processes.bounded` within limits of time and memory that the kernel enforces.
:mod:`~missiongraph.processes.parents` ends a process with the one that started it, and
:mod:`~missiongraph.processes.backoff` says when one that ended is started again.
:mod:`~missiongraph.processes.garbage_collection` pauses the search for garbage where it finds none, and
:mod:`~missiongraph.processes.quiet_libraries` lets no library write to a user's terminal.
"""
