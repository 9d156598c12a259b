"""The programs that the tests need are installed, or named exactly.

The machine is played by small programs on an otherwise empty path.
"""

import stat
from pathlib import Path

import pytest

from scripts import debian


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A path that holds only `env` and what a test puts there."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    (tmp_path / "env").symlink_to("/usr/bin/env")
    return tmp_path


def put(machine: Path, name: str, script: str) -> None:
    program = machine / name
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


def put_apt(machine: Path) -> None:
    """An apt-get that writes down what it is asked, and brings Chromium and Java."""
    java = r'#!/bin/sh\necho "openjdk version \"17.0.9\"" >&2'
    put(
        machine,
        "apt-get",
        f'echo "$@" >> {machine}/asked; [ "$1" = install ] || exit 0\n'
        f"printf '#!/bin/sh\\n' > {machine}/chromium; printf '{java}\\n' > {machine}/java\n"
        f"/bin/chmod +x {machine}/chromium {machine}/java",
    )
    put(machine, "apt-cache", 'echo "$2 | 1.0 | main"')


def test_nothing_is_asked_when_all_is_there(machine: Path):
    put(machine, "chromium", "")
    put(machine, "java", "echo 'openjdk version \"21.0.2\" 2024-01-16' >&2")
    debian.ensure()
    assert not (machine / "asked").exists()


def test_an_old_java_does_not_count(machine: Path):
    put(machine, "java", "echo 'openjdk version \"11.0.2\" 2019-01-15' >&2")
    assert not debian.has_java()


def test_root_installs_what_is_missing(machine: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("os.geteuid", lambda: 0)
    put_apt(machine)
    debian.ensure()
    install = "install -y -qq --no-install-recommends chromium fonts-liberation openjdk-17-jre-headless"
    assert (machine / "asked").read_text(encoding="utf-8").splitlines() == ["update -qq", install]


def test_only_what_is_missing_is_installed(machine: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("os.geteuid", lambda: 0)
    put_apt(machine)
    put(machine, "chromium", "")
    debian.ensure()
    assert "chromium" not in (machine / "asked").read_text(encoding="utf-8")


def test_sudo_without_a_password_will_do(machine: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    put_apt(machine)
    put(machine, "sudo", 'shift; [ "$1" = true ] || exec "$@"')
    debian.ensure()
    assert debian.has_browser()
    assert debian.has_java()


def test_a_user_without_the_right_is_told_what_to_run(machine: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    put_apt(machine)
    put(machine, "sudo", "exit 1")
    with pytest.raises(debian.MissingPackagesError, match="chromium fonts-liberation openjdk-17-jre-headless"):
        debian.ensure()
    assert not (machine / "asked").exists()


def test_a_system_without_apt_is_told_what_is_missing(machine: Path):
    with pytest.raises(debian.MissingPackagesError, match=r"Chromium.*Java 17 or 21.*no apt-get"):
        debian.ensure()


def test_apts_own_words_are_shown_when_it_fails(machine: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("os.geteuid", lambda: 0)
    put(machine, "apt-get", "echo 'no space left' >&2; exit 100")
    with pytest.raises(debian.MissingPackagesError, match="no space left"):
        debian.ensure()


def test_an_installation_that_brings_nothing_is_seen(machine: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("os.geteuid", lambda: 0)
    put(machine, "apt-get", "exit 0")
    put(machine, "apt-cache", 'echo "$2 | 1.0 | main"')
    with pytest.raises(debian.MissingPackagesError, match="still there is no Chromium"):
        debian.ensure()


def test_a_release_that_knows_no_such_package_is_seen(machine: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("os.geteuid", lambda: 0)
    put(machine, "apt-get", "exit 0")
    put(machine, "apt-cache", "exit 0")
    with pytest.raises(debian.MissingPackagesError, match="know no chromium"):
        debian.ensure()
