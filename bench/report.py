"""What was measured as Markdown, and as a drawing."""

from __future__ import annotations

import math
import os
import platform
import subprocess
import time
from collections.abc import Sequence
from html import escape
from importlib.metadata import version
from pathlib import Path

from bench.load import generator
from bench.measures import Row
from bench.servers import PEERS, has_virtuoso

_WIDTH, _LINE, _NAMES = 920, 30, 470


def write(
    folder: Path, rows: Sequence[Row], queries: Sequence[tuple[str, float, float]], loads: Sequence[float], form: str
) -> None:
    """Write ``RESULTS.md`` and ``results.svg``."""
    (folder / "results.svg").write_text(drawing(rows), "utf-8")
    met = sum(row.met for row in rows)
    parts = [
        "# What the benchmark measured\n",
        f"`make bench`{' FULL=1' if form == 'full' else ''} on {time.strftime('%Y-%m-%d')}: "
        f"{met} of {len(rows)} targets met. Ratios are of one run on one machine, the median over rounds in which all "
        "servers take turns (least and greatest of the rounds in brackets); absolute figures are worth little.\n",
        "![Each ratio against its target](results.svg)\n",
        table(rows),
        "\n## The analytical queries, store on disk\n",
        "| query | over HTTP | bare pyoxigraph | ratio |\n|---|--:|--:|--:|",
        *(f"| {n} | {o * 1000:,.1f} ms | {t * 1000:,.1f} ms | {o / t:.2f} |" for n, o, t in queries),
        "\n## Where and with what\n",
        *(f"- {name}: {value}" for name, value in _surroundings(loads)),
        "\n## How\n",
        "- All servers have the same data and answer the same queries over HTTP on 127.0.0.1, as JSON. Small queries "
        "ask for one entity's statements, each with a limit that no other has, so that no cache answers them.",
        "- `oxigraph serve-read-only` has a database of its own, loaded from the dumps and optimised. rdflib-endpoint "
        "has RDFLib's own store. Virtuoso has buffers for all of the data and as many threads as connections.",
        "- Small queries run on the publication of this repository, analytical ones and the memory on a generated one "
        "of 1,000,000 triples. Bare pyoxigraph is `Store.query(…).serialize(…)` in the bench's own process on the "
        "same store: the build's database, or a copy in memory. A publication of this size is read from disk unless "
        "its limits say otherwise.",
        "- Names are reconciled in batches of 1,000 that differ, over HTTP: a quarter as they are, a quarter in "
        "other order and capitals, a quarter misspelt, a quarter with a word beside them that means nothing.",
        "- Entity pages are asked for one by one over HTTP, each for the first time, so that no cache has it. The "
        "time that a kept page takes, which is that of the way and of the client, is taken off; what is left is held "
        "against the time that a page may take.",
        "- Validation is three property shapes with four constraints on the readings, one for each seven statements, "
        "each validator in a process of its own; processor time and memory beyond the data that was read "
        "(shacl reads the file itself, since it has no other way).",
        "- Runaway queries are cross products without end, two at a time, ended after two seconds of processor time "
        "and asked again at once. Memory is the proportional set size of a server's processes after its first queries.",
    ]
    (folder / "RESULTS.md").write_text("\n".join(parts) + "\n", "utf-8")


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    lines = ["| measure | missiongraph | against | ratio | target | |", "|---|--:|--:|--:|--:|---|"]
    for row in rows:
        spread = f" ({row.spread[0]:.2f} to {row.spread[1]:.2f})" if any(row.spread) else ""
        verdict = ("met" if row.met else "**missed**") + (f"; {row.notes}" if row.notes else "")
        lines.append(f"| {row.what} | {row.ours} | {row.theirs} | {row.ratio:.2f}{spread} | {goal(row)} | {verdict} |")
    return "\n".join(lines)


def goal(row: Row) -> str:
    """The target in words."""
    return f"{'at least' if row.at_least else 'at most'} {row.target:g}"


def drawing(rows: Sequence[Row]) -> str:
    """Bars of how far each ratio is from its target: the line in the middle is the target, to the right is better."""
    middle, room = _NAMES + 210, 210
    height = _LINE * (len(rows) + 1) + 10
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif" '
        'font-size="13" role="img"><title>Each ratio against its target</title>',
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="{middle}" y="18" text-anchor="middle" fill="#555">target</text>',
    ]
    for number, row in enumerate(rows, 1):
        better = row.ratio / row.target if row.at_least else row.target / row.ratio
        length = min(room - 60, abs(_doublings(better)) * 40)
        left = middle if better >= 1 else middle - length
        top = number * _LINE
        colour = "#1f6f54" if row.met else "#b3402a"
        end, anchor = (middle + length + 6, "start") if better >= 1 else (middle - length - 6, "end")
        parts += [
            f'<text x="{_NAMES - 10}" y="{top + 15}" text-anchor="end">{escape(row.what)}</text>',
            f'<rect x="{left:.1f}" y="{top}" width="{max(length, 1):.1f}" height="20" fill="{colour}"/>',
            f'<text x="{end:.1f}" y="{top + 15}" text-anchor="{anchor}">{row.ratio:.2f} ({row.target:g})</text>',
        ]
    parts.append(f'<path d="M{middle} 24V{height - 6}" stroke="#222"/></svg>')
    return "\n".join(parts) + "\n"


def _doublings(factor: float) -> float:
    return math.log2(factor) if factor > 0 else -10.0


def _surroundings(loads: Sequence[float]) -> list[tuple[str, str]]:
    programs = [f"pyoxigraph {version('pyoxigraph')}", f"Granian {version('granian')}", f"Flask {version('flask')}"]
    peers = [_first_line([str(PEERS / "oxigraph"), "--version"]), f"rdflib-endpoint {_in_bench('rdflib-endpoint')}"]
    peers.append(f"RDFLib {_in_bench('rdflib')}")
    if has_virtuoso():
        peers.append(_first_line(["virtuoso-t", "+version"]) or "Virtuoso")
    return [
        ("machine", f"{os.cpu_count()} processors ({_processor()}), {_memory()} GB, {platform.system()}"),
        ("Python", platform.python_version()),
        ("ours", ", ".join(programs)),
        ("peers", ", ".join(peers)),
        ("load made by", generator()),
        ("load average before, and before each measure", ", ".join(f"{load:.1f}" for load in loads)),
    ]


def _first_line(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)
    except OSError:
        return ""
    lines = (done.stdout + done.stderr).strip().splitlines()
    return next((line for line in lines if any(sign.isdigit() for sign in line)), "")


def _in_bench(name: str) -> str:
    code = f"import importlib.metadata; print(importlib.metadata.version({name!r}))"
    return _first_line([str(PEERS / "python"), "-c", code])


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _memory() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9)
