"""The manual page is man(7) without a fault, and says what ``--help`` says."""

from __future__ import annotations

import re
import shutil
import subprocess
from importlib import import_module

import pytest

from missiongraph import errors
from missiongraph.cli.main import COMMANDS
from tools.man_page import EXIT_CODES, man_page


@pytest.mark.skipif(shutil.which("groff") is None, reason="needs groff")
def test_groff_reads_it_without_a_warning_and_shows_every_option() -> None:
    run = subprocess.run(
        ["groff", "-man", "-ww", "-Tascii", "-P-cbou", "-rLL=400n"],
        input=man_page(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stderr == ""
    for name in COMMANDS:
        command = import_module(f"missiongraph.cli.commands.{name}").command
        assert f"missiongraph {name} " in run.stdout
        for option in command.params:
            assert all(written in run.stdout for written in option.opts if written.startswith("--"))
    assert re.search(
        r"--subject TEXT\s+What the words speak of: an IRI, a path under the base, or a name\.", run.stdout
    )


def test_the_exit_codes_are_those_of_the_errors() -> None:
    every = [
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.MissiongraphError)
    ]
    assert {kind.exit_code for kind in every} | {0} == set(EXIT_CODES)
