"""``missiongraph completion``: the shell completes commands, commands of commands, and their options."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import missiongraph

BASH = shutil.which("bash")


def completed_by_bash(script: Path, *words: str) -> set[str]:
    """What bash offers for the last of *words*."""
    program = script.parent / "missiongraph"
    program.write_text(f"#!{sys.executable}\nfrom missiongraph.cli.main import main\nmain()\n")  # as pip writes it
    program.chmod(0o755)
    line = " ".join(f"'{word}'" for word in ("missiongraph", *words))
    ask = f"source {script}; COMP_WORDS=({line}); COMP_CWORD={len(words)}; _missiongraph_completion missiongraph"
    environment = {**os.environ, "PATH": f"{script.parent}:{os.environ['PATH']}"}
    run = subprocess.run(
        [BASH or "bash", "-c", f'{ask}; printf "%s\\n" "${{COMPREPLY[@]}}"'],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env=environment,
    )
    return set(run.stdout.split())


@pytest.mark.skipif(BASH is None, reason="needs bash")
def test_bash_completes_commands_and_options(tmp_path: Path) -> None:
    script = tmp_path / "completion.bash"
    script.write_text(missiongraph("completion", "bash").stdout)
    assert completed_by_bash(script, "e") == {"evidence", "export"}
    assert {"add", "check", "new"} <= completed_by_bash(script, "evidence", "")
    assert completed_by_bash(script, "evidence", "add", "--su") == {"--subject"}


@pytest.mark.parametrize(
    ("shell", "file"),
    [
        ("bash", "data/bash-completion/completions/missiongraph"),
        ("zsh", "data/zsh/site-functions/_missiongraph"),
        ("fish", "settings/fish/completions/missiongraph.fish"),
    ],
)
def test_it_is_installed_where_the_shell_of_the_user_looks(tmp_path: Path, shell: str, file: str) -> None:
    run = missiongraph(
        *("completion", "--install"),
        SHELL=f"/usr/bin/{shell}",
        XDG_DATA_HOME=str(tmp_path / "data"),
        XDG_CONFIG_HOME=str(tmp_path / "settings"),
    )
    assert (run.returncode, run.stdout) == (0, f"{tmp_path / file}\n")
    assert "open a new terminal" in run.stderr
    assert "_MISSIONGRAPH_COMPLETE" in (tmp_path / file).read_text()


def test_an_unknown_shell_and_a_folder_that_cannot_be_written_are_told(tmp_path: Path) -> None:
    run = missiongraph("completion", SHELL="/usr/bin/nushell")
    assert (run.returncode, run.stdout) == (2, "")
    assert "“nushell” is not a shell that is known here (name one of bash, zsh, fish)" in run.stderr
    (tmp_path / "file").write_text("")
    run = missiongraph("completion", "fish", "--install", XDG_CONFIG_HOME=str(tmp_path / "file"))
    assert run.returncode == 2 and "cannot write" in run.stderr and "Traceback" not in run.stderr
