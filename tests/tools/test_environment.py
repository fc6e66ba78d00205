"""What `make` installs, and when: with an interpreter that notes what it is asked for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tools import environment, step

#: Answers as Python would; makes an environment that holds a copy of itself.
PYTHON = """#!/bin/sh
case "$1 $2" in
    "-c "*) [ ! -e "{0}/old" ] ;;
    "-m venv") rm -rf "$4"; mkdir -p "$4/bin"; cp "$0" "$4/bin/python"; echo "venv $4" >> "{0}/asked" ;;
    *) echo "$@" >> "{0}/asked"; [ ! -e "{0}/broken" ] || {{ echo "no such file" >&2; exit 3; }} ;;
esac
"""
FILES = ("requirements.lock", "requirements-test.lock", "pyproject.toml", "hatch_build.py", "bench/requirements.txt")
FRONT = ("front/package.json", "front/package-lock.json", "front/editor/main.js")
LOCKED = "-m pip install --quiet --quiet --no-input --require-hashes -r requirements.lock"
LOCKED_TESTS = "-m pip install --quiet --quiet --no-input --require-hashes -r requirements-test.lock"
ALL = [
    "venv .venv",
    LOCKED,
    "hatch_build.py",
    "-m pip install --quiet --quiet --no-input --no-deps --no-build-isolation --editable .",
    "-m compileall -q src",
]


class Checkout:
    """A checkout whose folder has a space in its name, and interpreters beside it."""

    def __init__(self, beside: Path) -> None:
        self.beside, self.root = beside, beside / "a checkout"
        for name in (*FILES, *FRONT):
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root / name).touch()
            os.utime(self.root / name, (1, 1))
        for name in ("python3.98", "python3.99"):
            (beside / name).write_text(PYTHON.format(beside), encoding="utf-8")
            (beside / name).chmod(0o755)

    def asked(self) -> list[str]:
        """What the interpreters were asked for since this was asked last."""
        file = self.beside / "asked"
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        file.unlink(missing_ok=True)
        return lines


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    made = Checkout(tmp_path)
    monkeypatch.chdir(made.root)
    monkeypatch.setenv("PYTHON", str(tmp_path / "python3.98"))
    return made


def test_everything_is_installed_once(checkout: Checkout) -> None:
    environment.installed()
    assert checkout.asked() == ALL
    environment.installed()
    assert checkout.asked() == []


def test_what_the_tests_need_comes_after_the_rest(checkout: Checkout) -> None:
    environment.installed_tests()
    assert checkout.asked() == [*ALL, LOCKED_TESTS]
    environment.installed()
    environment.installed_tests()
    assert checkout.asked() == []


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml", "hatch_build.py", *FRONT])
def test_a_change_of_what_is_wanted_installs_anew(checkout: Checkout, name: str) -> None:
    environment.installed_tests()
    checkout.asked()
    later = environment.INSTALLED_TESTS.stat().st_mtime + 10
    os.utime(name, (later, later))
    environment.installed()
    assert checkout.asked() == ALL[1:]


def test_a_change_of_the_tests_lock_leaves_the_rest(checkout: Checkout) -> None:
    environment.installed_tests()
    checkout.asked()
    later = environment.INSTALLED_TESTS.stat().st_mtime + 10
    os.utime("requirements-test.lock", (later, later))
    environment.installed_tests()
    assert checkout.asked() == [LOCKED_TESTS]


def test_an_environment_stays_with_its_interpreter_until_another_is_named(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment.installed()
    checkout.asked()
    monkeypatch.delenv("PYTHON")
    environment.installed()
    assert checkout.asked() == []
    monkeypatch.setenv("PYTHON", str(checkout.beside / "python3.99"))
    environment.installed()
    assert checkout.asked() == ALL


def test_a_folder_that_was_moved_gets_an_environment_of_its_own(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment.installed()
    checkout.asked()
    monkeypatch.chdir(checkout.root.rename(checkout.beside / "moved"))
    environment.installed()
    assert checkout.asked() == ALL


def test_a_failure_is_shown_and_tried_again(checkout: Checkout, capfd: pytest.CaptureFixture[str]) -> None:
    (checkout.beside / "broken").touch()
    with pytest.raises(SystemExit, match="3"):
        environment.installed()
    out, err = capfd.readouterr()
    assert out.splitlines() == [
        "Making the environment .venv (the first time only)",
        "Installing the locked dependencies into .venv",
    ]
    assert err == "no such file\n"
    (checkout.beside / "broken").unlink()
    checkout.asked()
    environment.installed()
    assert checkout.asked() == ALL[1:]


@pytest.mark.parametrize("name", ["python3.98", "nowhere"], ids=["old", "missing"])
def test_an_interpreter_that_is_too_old_is_refused_with_a_way_out(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (checkout.beside / "old").touch()
    monkeypatch.setenv("PYTHON", name if name == "nowhere" else str(checkout.beside / name))
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer, and .*make PYTHON="):
        environment.installed()
    assert checkout.asked() == []


def test_peers_of_the_benchmark_have_an_environment_of_their_own(checkout: Checkout) -> None:
    environment.installed_bench()
    peers = "-m pip install --quiet --quiet --no-input -r bench/requirements.txt"
    assert checkout.asked() == ["venv .venv", "venv .venv-bench", peers]
    environment.installed_bench()
    assert checkout.asked() == []


def test_a_dot_is_written_for_every_few_seconds(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(step, "SECONDS", 0.1)
    step.step("Waiting", "sleep", "0.35")
    assert capfd.readouterr().out == "Waiting...\n"
