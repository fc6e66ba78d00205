"""What an installation is made from agrees with itself. `make dist` builds and tries the real thing."""

from __future__ import annotations

import json
import re
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import hatch_build
import missiongraph
from tools import environment

ROOT = Path(hatch_build.__file__).parent
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RUNTIME = [*PYPROJECT["project"]["dependencies"], *PYPROJECT["dependency-groups"]["build"]]
TESTS = [*RUNTIME, *PYPROJECT["dependency-groups"]["test"]]
PUBLICATION = ("missiongraph.toml", "ontology", "data", "shapes", "queries", "context.jsonld")


def locked(name: str) -> dict[str, Requirement]:
    """The pinned requirements of a lock file, by name; each must have hashes."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith(("#", "--hash"))]
    assert all("--hash=sha256:" in line for line in lines)
    pins = [Requirement(line.split("--hash", 1)[0].strip()) for line in lines]
    return {canonicalize_name(pin.name): pin for pin in pins}


@pytest.mark.parametrize(
    ("lock", "wanted"), [("requirements.lock", RUNTIME), ("requirements-test.lock", TESTS)], ids=["runtime", "tests"]
)
def test_the_lock_covers_every_dependency(lock: str, wanted: list[str]) -> None:
    pins = locked(lock)
    for requirement in map(Requirement, wanted):
        pin = pins[canonicalize_name(requirement.name)]
        (pinned,) = pin.specifier
        assert pinned.operator == "=="
        assert requirement.specifier.contains(pinned.version), f"`make lock` is due: {requirement} is locked as {pin}"


def test_tests_run_on_the_versions_that_users_get() -> None:
    tests = locked("requirements-test.lock")
    for name, pin in locked("requirements.lock").items():
        assert tests[name].specifier == pin.specifier


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock", "front/package-lock.json"])
def test_locks_name_no_index(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "--index-url" not in text
    assert "--find-links" not in text
    assert '"resolved"' not in text


def test_versions_agree() -> None:
    declared = PYPROJECT["project"]["version"]
    assert metadata.version("missiongraph") == declared
    assert missiongraph.__version__ == declared


def build_hook(root: Path = ROOT) -> hatch_build.FrontEndHook:
    builder = WheelBuilder(str(root))
    config = PYPROJECT["tool"]["hatch"]["build"]["hooks"]["custom"]
    return hatch_build.FrontEndHook(str(root), config, builder.config, builder.metadata, "dist", "wheel")


@pytest.mark.parametrize("version", ["standard", "editable"])
def test_only_a_real_wheel_carries_the_publication(version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hatch_build, "build_front_end", lambda root: None)
    data: dict[str, Any] = {"force_include": {}}
    build_hook().initialize(version, data)
    packed = {name: f"missiongraph/_publication/{name}" for name in PUBLICATION}
    assert data["force_include"] == (packed if version == "standard" else {})


@pytest.mark.parametrize("name", PUBLICATION)
def test_the_publication_is_here(name: str) -> None:
    assert (ROOT / name).exists()


def test_an_installation_without_front_end_files_warns_and_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(root: Path) -> None:
        raise hatch_build.FrontEndError("npm error code EAI_AGAIN")

    monkeypatch.setattr(hatch_build, "build_front_end", fail)
    monkeypatch.setattr(hatch_build, "_tell_the_terminal", lambda text: None)
    build_hook().initialize("editable", {"force_include": {}})
    printed = "".join(capsys.readouterr())
    assert printed.count("Warning: missiongraph is installed without its front-end files") == 1
    assert "EAI_AGAIN" in printed


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with one package to vendor, and on the path an npm that notes its runs."""
    root = tmp_path / "a checkout"
    front = root / "front"
    front.mkdir(parents=True)
    vendor = {"font": {"package": "@example/font", "files": ["LICENSE", "files/a.woff2"]}}
    lock = {"packages": {"node_modules/@example/font": {"version": "1.2.3"}}}
    (front / "package.json").write_text(json.dumps({"vendor": vendor}), encoding="utf-8")
    (front / "package-lock.json").write_text(json.dumps(lock), encoding="utf-8")
    tools = tmp_path / "tools"
    tools.mkdir()
    npm = tools / "npm"
    npm.write_text(
        f'#!/bin/sh\necho "$1" >> "{tmp_path}/runs"\n'
        f'[ ! -e "{tmp_path}/broken" ] || {{ echo "npm error code E404"; exit 1; }}\n'
        "m=node_modules/@example/font; mkdir -p $m/files; echo OFL > $m/LICENSE; echo font > $m/files/a.woff2\n",
        encoding="utf-8",
    )
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", str(tools), prepend=":")
    return root


def test_front_end_files_are_fetched_once(checkout: Path) -> None:
    for _ in range(2):
        hatch_build.build_front_end(checkout)
    folder = checkout / hatch_build.VENDOR / "font"
    assert {file.name for file in folder.iterdir()} == {"LICENSE", "VERSION", "a.woff2"}
    assert (checkout.parent / "runs").read_text(encoding="utf-8") == "ci\n"
    assert not (checkout / "front/node_modules").exists()


def test_a_missing_file_is_fetched_again(checkout: Path) -> None:
    hatch_build.build_front_end(checkout)
    font = checkout / hatch_build.VENDOR / "font/a.woff2"
    font.unlink()
    hatch_build.build_front_end(checkout)
    assert font.is_file()


def test_what_npm_complains_of_is_the_reason(checkout: Path) -> None:
    (checkout.parent / "broken").touch()
    with pytest.raises(hatch_build.FrontEndError, match=r"^npm error code E404$"):
        hatch_build.build_front_end(checkout)
    assert not (checkout / hatch_build.VENDOR / "font").exists()


@pytest.fixture
def checkout_with_sources(checkout: Path) -> Path:
    """The same with a script to make, and an esbuild that npm brings."""
    package = json.loads((checkout / "front/package.json").read_text(encoding="utf-8"))
    package["bundle"] = {"page": "page/main.js"}
    (checkout / "front/package.json").write_text(json.dumps(package), encoding="utf-8")
    (checkout / "front/page").mkdir()
    (checkout / "front/page/main.js").write_text("import '@example/font';", encoding="utf-8")
    esbuild = checkout.parent / "esbuild"
    meta: dict[str, Any] = {"inputs": {"page/main.js": {}, "node_modules/@example/font/index.js": {}}}
    esbuild.write_text(
        "#!/bin/sh\nfor option; do case $option in\n"
        f"--metafile=*) echo '{json.dumps(meta)}' > \"${{option#*=}}\";;\n"
        '--outfile=*) cp "$1" "${option#*=}";;\nesac; done\n',
        encoding="utf-8",
    )
    esbuild.chmod(0o755)
    npm = checkout.parent / "tools/npm"
    bring = f'b=node_modules/@esbuild/here/bin; mkdir -p $b; [ ! -e "{esbuild}" ] || cp "{esbuild}" $b\n'
    npm.write_text(npm.read_text(encoding="utf-8") + bring, encoding="utf-8")
    return checkout


def test_a_script_is_made_once_and_anew_when_its_sources_change(checkout_with_sources: Path) -> None:
    root = checkout_with_sources
    folder = root / hatch_build.VENDOR / "page"
    for _ in range(2):
        hatch_build.build_front_end(root)
    assert {file.name for file in folder.iterdir()} == {"LICENSE", "VERSION", "page.js"}
    assert (folder / "page.js").read_text(encoding="utf-8") == "import '@example/font';"
    assert "@example/font\n\nOFL" in (folder / "LICENSE").read_text(encoding="utf-8")
    (root / "front/page/main.js").write_text("'new';", encoding="utf-8")
    hatch_build.build_front_end(root)
    assert (folder / "page.js").read_text(encoding="utf-8") == "'new';"
    assert (root.parent / "runs").read_text(encoding="utf-8") == "ci\nci\n"


def test_a_script_that_cannot_be_made_is_a_warning(checkout_with_sources: Path) -> None:
    (checkout_with_sources.parent / "esbuild").unlink()
    with pytest.raises(hatch_build.FrontEndError, match="no esbuild"):
        hatch_build.build_front_end(checkout_with_sources)
    assert not (checkout_with_sources / hatch_build.VENDOR / "page/VERSION").exists()


def test_vendored_files_come_with_their_licence() -> None:
    """Or say that it is Apache-2.0, the text of which comes with every wheel."""
    locked = json.loads((ROOT / "front/package-lock.json").read_text(encoding="utf-8"))["packages"]
    for entry in hatch_build.vendored(ROOT):
        licence = locked[f"node_modules/{entry.package}"]["license"]
        assert "LICENSE" in entry.files or ("Apache-2.0" in licence and "README.md" in entry.files)


def test_no_target_of_make_takes_more_than_three_lines() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    rules = re.findall(r"^([^\s#].*:.*)\n((?:\t.*\n)+)", text, re.MULTILINE)
    assert len(rules) > 10
    assert {rule for rule, lines in rules if lines.count("\n") > 3 or "\\\n" in lines} == set()


def test_a_stamp_that_make_asks_for_is_one_that_can_be_made() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert set(re.findall(r"\.venv[\w-]*/(?:made|installed)[\w-]*", text)) == set(environment.STAMPS)
