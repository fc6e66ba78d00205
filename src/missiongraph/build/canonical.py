"""Canonical form of a dataset (RDFC-1.0) under a bound of work, and its digest."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Iterable

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse, serialize

from missiongraph.errors import OutOfBounds, Problem


def canonicalise(quads: Iterable[Quad], *, seconds: float) -> list[Quad]:
    """*quads*, each once, with the blank node labels of RDFC-1.0, in the order of canonical N-Quads.

    The work is exponential at worst, so it is done in a process of its own that can be ended. Only quads with
    blank nodes go there: the labels depend on no others.

    :param seconds: how long that process may take, in wall-clock time
    :raises OutOfBounds: it took longer
    """
    unique = dict.fromkeys(quads)
    labelled = [quad for quad in unique if not _has_blank_node(quad)]
    entangled = [quad for quad in unique if _has_blank_node(quad)]
    if entangled:
        labelled += _relabel(entangled, seconds)
    return sorted(labelled, key=canonical_line)


def canonical_line(quad: Quad) -> str:
    """*quad* as a line of canonical N-Quads (RDFC-1.0, appendix A)."""
    return f"{quad} .\n"


def digest(canonical: Iterable[Quad]) -> str:
    """SHA-256, in hexadecimal, of canonical N-Quads in their order."""
    hashed = hashlib.sha256()
    for quad in canonical:
        hashed.update(canonical_line(quad).encode())
    return hashed.hexdigest()


def _has_blank_node(quad: Quad) -> bool:
    return any(isinstance(term, BlankNode) for term in (quad.subject, quad.object, quad.graph_name))


def _relabel(quads: list[Quad], seconds: float) -> list[Quad]:
    command = [sys.executable, "-P", "-m", "missiongraph.build.canonical"]
    try:
        run = subprocess.run(
            command, input=serialize(quads, format=RdfFormat.N_QUADS), capture_output=True, timeout=seconds, check=True
        )
    except subprocess.TimeoutExpired:
        raise OutOfBounds(
            Problem(
                f"the blank nodes are so alike that telling them apart takes over {seconds:g} s",
                advice="name some of them with IRIs, or raise limits.canonicalisation-seconds",
            )
        ) from None
    except subprocess.CalledProcessError as error:
        raise OutOfBounds(Problem(f"the canonical form could not be found: {error.stderr.decode()[-500:]}")) from None
    return list(parse(run.stdout, RdfFormat.N_QUADS))


def _child() -> None:
    dataset = Dataset(parse(sys.stdin.buffer.read(), RdfFormat.N_QUADS))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    sys.stdout.buffer.write(serialize(dataset, format=RdfFormat.N_QUADS) or b"")


if __name__ == "__main__":
    _child()
