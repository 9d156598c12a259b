"""The front-end packages: an old or missing npm is not used, and the lock ties nobody to one registry."""

import json
import stat
from pathlib import Path

import pytest

from scripts import frontend

ROOT = Path(__file__).resolve().parents[2]


def put(folder: Path, name: str, script: str) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


@pytest.mark.parametrize(("said", "is_used"), [("10.9.2", True), ("7.0.0", True), ("6.14.4", False), ("", False)])
def test_an_npm_that_cannot_read_the_lock_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, is_used: bool):
    monkeypatch.setenv("PATH", str(tmp_path))
    put(tmp_path, "node", "")
    put(tmp_path, "npm", f"echo {said}")
    assert (frontend.machine_npm() is not None) == is_used


def test_a_machine_without_node_has_no_npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    put(tmp_path, "npm", "echo 10.9.2")
    assert frontend.machine_npm() is None


def test_the_lock_names_no_registry():
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    fetched = {name: package for name, package in packages.items() if name}
    assert fetched
    assert [name for name, package in fetched.items() if "resolved" in package or "integrity" not in package] == []


def test_an_icon_is_kept_as_the_shapes_inside_its_svg():
    nodes = {"plus": [["path", {"d": "M12 5v14"}], ["circle", {"cx": "1", "r": "2"}]]}
    kept = json.loads(frontend.icon_shapes(json.dumps(nodes)))
    assert kept == {"plus": '<path d="M12 5v14"/><circle cx="1" r="2"/>'}


def test_a_file_that_the_packages_lack_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(frontend, "PACKAGES", tmp_path)
    with pytest.raises(frontend.FrontendError, match=r"no some/file\.css: mend the list"):
        frontend.package_file("some/file.css")


def test_what_is_carried_has_no_map_and_comes_with_its_licence():
    for made in frontend.MADE:
        assert "sourceMappingURL" not in made.read_text(encoding="utf-8")[-200:]
    assert all(target.stat().st_size for target in frontend.CARRIED)
    assert [target.name for target in frontend.CARRIED if "LICENSE" in target.name]
