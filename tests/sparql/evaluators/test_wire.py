"""Frames survive whatever pieces a socket delivers them in."""

from __future__ import annotations

from itertools import pairwise
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from missiongraph.sparql.evaluators.wire import (
    DATA,
    END,
    HEAD,
    JOB,
    WHOLE,
    Head,
    Job,
    Kind,
    Opening,
    frame,
    frames,
)

KINDS = st.sampled_from([JOB, WHOLE, HEAD, DATA, END])
FRAMES = st.lists(st.tuples(KINDS, st.binary(max_size=300)), max_size=8)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
GRAPHS = st.none() | st.lists(TEXT, max_size=3).map(tuple)
NAMES = st.none() | st.sampled_from(["json", "csv", "ttl"])
FORMATS = st.fixed_dictionaries(dict.fromkeys(get_args(Kind), NAMES))


def pieces(content: bytes, cuts: list[int]) -> list[bytes]:
    """*content* cut at *cuts*, as far as they lie in it."""
    places = [0, *sorted(cut % (len(content) + 1) for cut in cuts), len(content)]
    return [content[start:end] for start, end in pairwise(places)]


@given(FRAMES, st.lists(st.integers(min_value=0)))
def test_frames_come_out_as_they_went_in_however_they_are_cut(sent: list[tuple[bytes, bytes]], cuts: list[int]) -> None:
    buffer, received = bytearray(), list[tuple[bytes, bytes]]()
    for piece in pieces(b"".join(frame(*item) for item in sent), cuts):
        buffer += piece
        received += frames(buffer)
    assert received == sent
    assert not buffer


@given(st.binary(max_size=300), st.integers(min_value=1))
def test_a_frame_without_its_last_bytes_is_none_yet(content: bytes, missing: int) -> None:
    whole = frame(DATA, content)
    part = whole[: len(whole) - 1 - missing % len(whole)]
    buffer = bytearray(part)
    assert list(frames(buffer)) == []
    assert buffer == part


@given(st.builds(Job, TEXT, GRAPHS, GRAPHS, FORMATS))
def test_a_job_arrives_as_it_was_sent(job: Job) -> None:
    ((kind, content),) = frames(bytearray(job.encode()))
    assert kind == JOB
    assert Job.decode(content) == job


PLACES = st.none() | st.integers(min_value=1)
HEADS = st.builds(Head, st.integers(200, 599), st.sampled_from(get_args(Kind)), NAMES, st.booleans(), TEXT, PLACES)


OPENINGS = st.builds(Opening, st.integers(0, 2**64 - 1), st.integers(0, 2**32 - 1), HEADS, st.binary(max_size=300))


@given(OPENINGS)
def test_an_answer_opens_as_it_was_sent(opening: Opening) -> None:
    assert Opening.decode(opening.encode()) == opening
