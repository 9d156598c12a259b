"""People from the shell."""

import os
import subprocess
from pathlib import Path

import pytest
from tests.cli.conftest import OPENKAM

PASSWORD = "quiet ledger, warm paper"


def createuser(home: Path, *arguments: str, password: str = PASSWORD) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in ("OPENKAM_HOME", "DJANGO_SETTINGS_MODULE")}
    return subprocess.run(
        [OPENKAM, "createuser", *arguments, "--home", home],
        input=f"{password}\n",
        capture_output=True,
        text=True,
        env=environment,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize(
    ("arguments", "password", "told"),
    [
        (["eve@example.org", "--name", "Eve", "--role", "emperor", "--password-stdin"], PASSWORD, "use one of administrator"),
        (["nobody", "--name", "Eve", "--password-stdin"], PASSWORD, "valid email"),
        (["eve@example.org", "--name", "Eve", "--password-stdin"], "short", "too short"),
        (["eve@example.org", "--name", "Eve", "--password-stdin"], "", "A password is needed"),
        (["eve@example.org", "--name", "Eve"], PASSWORD, "--password-stdin"),
    ],
)
def test_a_mistake_is_one_line(tmp_path: Path, arguments: list[str], password: str, told: str):
    done = createuser(tmp_path, *arguments, password=password)

    assert (done.returncode, done.stdout) == (1, "")
    assert told in done.stderr
    assert done.stderr.startswith("openkam: ")
    assert done.stderr.count("\n") == 1


def test_an_address_is_taken_once(tmp_path: Path):
    name = f"{tmp_path.name.replace('_', '-')}@example.org"
    first = createuser(tmp_path, name, "--name", "Ada", "--password-stdin")
    again = createuser(tmp_path, name.upper(), "--name", "Ada", "--password-stdin")

    assert (first.returncode, first.stdout) == (0, f"Ada may sign in with {name}.\n")
    assert (again.returncode, "Somebody has this address already." in again.stderr) == (1, True)
