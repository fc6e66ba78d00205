"""Turns the engine's syntax errors into problems with line and column."""

from __future__ import annotations

import re

from missiongraph.errors import Place, Problem


def syntax_problem(error: SyntaxError, name: str = "query") -> Problem:
    """The problem that *error* of the engine reports; its message has the place ("error at 2:6: expected …").

    :param name: what messages call the query, such as its file
    """
    text = error.msg or str(error)
    found = re.match(r"error at (\d+):(\d+): (.*)", text, re.DOTALL)
    if found and "IRI parsing failed" in found[3]:
        place = Place(name, int(found[1]), int(found[2]))
        return Problem("not a valid IRI", place, "a relative one needs BASE")
    if found:
        return Problem(f"not a SPARQL 1.1 query: {found[3]}", Place(name, int(found[1]), int(found[2])))
    return Problem(f"not a SPARQL 1.1 query: {text}", Place(name))
