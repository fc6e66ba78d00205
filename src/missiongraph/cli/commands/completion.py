"""``missiongraph completion``: commands and options completed by the shell."""

from __future__ import annotations

import os
from pathlib import Path

import click
from click.shell_completion import get_completion_class

from missiongraph.cli.messages import say
from missiongraph.errors import MissiongraphError, Problem, reason_of

_PROGRAM = "missiongraph"
SHELLS = ("bash", "zsh", "fish")


@click.command("completion")
@click.argument("shell", required=False, type=click.Choice(SHELLS))
@click.option("--install", is_flag=True, help="Write it to where the shell looks for it.")
def command(shell: str | None, install: bool) -> None:
    """Print what lets a shell (default: yours) complete commands and options; --install puts it into its place."""
    chosen = shell or _own_shell()
    writer = get_completion_class(chosen)
    if writer is None:
        raise MissiongraphError(Problem(f"{chosen} is not supported"))
    root = click.get_current_context().find_root().command
    script = writer(root, {}, _PROGRAM, f"_{_PROGRAM.upper()}_COMPLETE").source()
    if not install:
        click.echo(script)
        return
    file, further = _place(chosen)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(script + "\n", "utf-8")
    except OSError as error:
        raise MissiongraphError(Problem(f"cannot write {file}: {reason_of(error)}")) from None
    click.echo(file)
    say(further)


def _own_shell() -> str:
    name = Path(os.environ.get("SHELL", "")).name
    if name not in SHELLS:
        known = ", ".join(SHELLS)
        raise MissiongraphError(Problem(f"“{name}” is not a shell that is known here", advice=f"name one of {known}"))
    return name


def _place(shell: str) -> tuple[Path, str]:
    """Where *shell* looks for completions of a user, and what remains to be done."""
    try:
        home = Path.home()
    except RuntimeError:
        raise MissiongraphError(Problem("there is no HOME to install it in", advice="print it instead")) from None
    data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    settings = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    anew = "open a new terminal"
    if shell == "bash":
        return data / "bash-completion" / "completions" / _PROGRAM, f"{anew}; it needs the package bash-completion"
    if shell == "fish":
        return settings / "fish" / "completions" / f"{_PROGRAM}.fish", anew
    folder = data / "zsh" / "site-functions"
    return folder / f"_{_PROGRAM}", f"put fpath=({folder} $fpath) before compinit in ~/.zshrc, then {anew}"
