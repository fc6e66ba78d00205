"""Computes the canonical form of a dataset (RDFC-1.0) within a limit of time, and its digest."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse, serialize

from missiongraph.errors import OutOfBounds, Problem


def canonicalise(quads: Iterable[Quad], *, seconds: float) -> list[Quad]:
    """*quads*, each once, with the blank node labels of RDFC-1.0, in the order of canonical N-Quads.

    The work is exponential at worst, so it is done in a process of its own that can be ended. Only quads with blank
    nodes are sent there, since the labels depend on no others.

    :param seconds: how long that process may take, in time on the clock
    :raises OutOfBounds: it takes longer
    """
    return _sorted(quads, seconds)


def canonicalise_apart(quads: Iterable[Quad], *, seconds: float) -> list[Quad]:
    """*quads* in the order of canonical N-Quads, with labels that depend on connected blank nodes only.

    RDFC-1.0 numbers labels through the whole dataset, so one new blank node can rename all others. Here a label is a
    hash of the component of connected blank nodes. So a quad has the same line in two editions of a dataset, unless its
    component changed.

    :raises OutOfBounds: it takes longer than *seconds* on the clock
    """
    return _sorted(quads, seconds, _APART)


def _sorted(quads: Iterable[Quad], seconds: float, *mode: str) -> list[Quad]:
    labelled: list[Quad] = []
    entangled: list[Quad] = []
    for quad in dict.fromkeys(quads):
        (entangled if _blank_nodes(quad) else labelled).append(quad)
    if entangled:
        labelled += _relabel(entangled, seconds, *mode)
    return sorted(labelled, key=canonical_line)


def canonical_line(quad: Quad) -> str:
    """*quad* as a line of canonical N-Quads (RDFC-1.0, appendix A)."""
    return f"{quad} .\n"


def digest(canonical: Iterable[Quad]) -> str:
    """The SHA-256, in hexadecimal, of the canonical N-Quads of *canonical* in their order."""
    hashed = hashlib.sha256()
    for quad in canonical:
        hashed.update(canonical_line(quad).encode())
    return hashed.hexdigest()


def _blank_nodes(quad: Quad) -> list[BlankNode]:
    return [term for term in (quad.subject, quad.object, quad.graph_name) if isinstance(term, BlankNode)]


def _relabel(quads: list[Quad], seconds: float, *mode: str) -> list[Quad]:
    command = [sys.executable, "-P", "-m", "missiongraph.rdf.canonical", *mode]
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


def _canonical(quads: Iterable[Quad]) -> Dataset:
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def components_apart(quads: list[Quad]) -> Iterator[Quad]:
    """*quads*, all with blank nodes, as :func:`canonicalise_apart` labels them; in this process, without a limit.

    The labels of isomorphic components also have a number, so that none of them is lost.
    """
    alike: Counter[str] = Counter()
    for component in _components(quads):
        canonical = sorted(_canonical(component), key=canonical_line)
        name = digest(canonical)[:32]
        alike[name] += 1
        for quad in canonical:
            yield Quad(*(_renamed(term, f"{name}n{alike[name]}") for term in quad))  # type: ignore[arg-type]  # kinds stay


def _renamed(term: object, component: str) -> object:
    return BlankNode(f"b{component}{term.value}") if isinstance(term, BlankNode) else term


def _components(quads: list[Quad]) -> Iterator[list[Quad]]:
    """Groups *quads* by components of blank nodes that share a quad."""
    parent: dict[BlankNode, BlankNode] = {}

    def root(node: BlankNode) -> BlankNode:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for quad in quads:
        first, *others = _blank_nodes(quad)
        for other in (first, *others):
            parent[root(other)] = root(first)
    together: dict[BlankNode, list[Quad]] = defaultdict(list)
    for quad in quads:
        together[root(_blank_nodes(quad)[0])].append(quad)
    yield from together.values()


#: The argument by which the process labels components one by one.
_APART = "apart"


def _child() -> None:
    quads = list(parse(sys.stdin.buffer.read(), RdfFormat.N_QUADS))
    found: Iterable[Quad] = components_apart(quads) if _APART in sys.argv[1:] else _canonical(quads)
    sys.stdout.buffer.write(serialize(found, format=RdfFormat.N_QUADS) or b"")


if __name__ == "__main__":
    _child()
