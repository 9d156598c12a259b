"""What the environment may say, and the one line that a wrong value gets."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from openkam.config.environment import read_environment
from openkam.config.refusal import ConfigurationError


def read(home: Path, **variables: str):
    return read_environment({"OPENKAM_HOME": str(home), **variables})


def test_nothing_set_is_a_site_for_this_machine(tmp_path: Path):
    environment = read(tmp_path)

    assert environment.database["ENGINE"] == "django.db.backends.sqlite3"
    assert environment.allowed_hosts == ("localhost", "127.0.0.1", "[::1]")
    assert (environment.https, environment.tls, environment.proxies, environment.mail) == (False, None, 0, None)
    assert (environment.debug, environment.log_json, environment.time_zone) == (False, False, "UTC")


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("OPENKAM_DEBUG", "maybe", "neither yes nor no"),
        ("OPENKAM_HTTPS", "2", "neither yes nor no"),
        ("OPENKAM_LOG_LEVEL", "loud", "one of DEBUG"),
        ("OPENKAM_TIME_ZONE", "Mars/Base", "no time zone"),
        ("OPENKAM_TIME_ZONE", "../../etc/passwd", "no time zone"),
        ("OPENKAM_UPLOAD_LIMIT_MIB", "0", "at least 1"),
        ("OPENKAM_UPLOAD_LIMIT_MIB", "ten", "whole number"),
        ("OPENKAM_PROXIES", "-1", "whole number"),
        ("OPENKAM_ORIGINS", "kam.example.org", "with its scheme"),
        ("OPENKAM_ORIGINS", "https://kam.example.org/path", "without a path"),
        ("OPENKAM_SECRET_KEY", "secret", "too short"),
        ("OPENKAM_TLS_CERTIFICATE", "/nowhere.pem", "is missing"),
    ],
)
def test_a_wrong_value_is_named_in_one_line(tmp_path: Path, name: str, value: str, told: str):
    with pytest.raises(ConfigurationError) as refused:
        read(tmp_path, **{name: value})
    message = str(refused.value)
    assert told in message
    assert "\n" not in message
    assert name.removesuffix("CERTIFICATE") in message


def test_the_secret_is_made_once_and_kept_from_others(tmp_path: Path):
    home = tmp_path / "new" / "workspace"

    with ThreadPoolExecutor(8) as starts:
        secrets = set(starts.map(lambda _: read(home).secret_key, range(16)))

    assert len(secrets) == 1
    assert len(secrets.pop()) >= 50
    assert stat.S_IMODE((home / "secret.key").stat().st_mode) == 0o600
    assert [path.name for path in home.iterdir()] == ["secret.key"]


@pytest.mark.parametrize("kept", [b"short", b"", b"\xff" * 60])
def test_a_spoilt_secret_is_no_secret(tmp_path: Path, kept: bytes):
    (tmp_path / "secret.key").write_bytes(kept)

    with pytest.raises(ConfigurationError, match="delete it"):
        read(tmp_path)


def test_a_workspace_that_cannot_be_made_is_named(tmp_path: Path):
    (tmp_path / "file").touch()

    with pytest.raises(ConfigurationError, match="OPENKAM_HOME"):
        read(tmp_path / "file" / "home")


def test_a_given_secret_is_used_and_nothing_written(tmp_path: Path):
    assert read(tmp_path, OPENKAM_SECRET_KEY="k" * 50).secret_key == "k" * 50
    assert list(tmp_path.iterdir()) == []


def test_own_tls_means_https_without_a_proxy(tmp_path: Path):
    for name in ("certificate.pem", "key.pem"):
        (tmp_path / name).touch()
    both = {"OPENKAM_TLS_CERTIFICATE": str(tmp_path / "certificate.pem"), "OPENKAM_TLS_KEY": str(tmp_path / "key.pem")}

    environment = read(tmp_path, **both)

    assert environment.tls == (tmp_path / "certificate.pem", tmp_path / "key.pem")
    assert (environment.https, environment.proxies) == (True, 0)
    with pytest.raises(ConfigurationError, match="no file that can be read"):
        read(tmp_path, **(both | {"OPENKAM_TLS_KEY": str(tmp_path)}))


def test_https_alone_means_one_proxy_that_ends_it(tmp_path: Path):
    assert read(tmp_path, OPENKAM_HTTPS="yes").proxies == 1
    assert read(tmp_path, OPENKAM_HTTPS="yes", OPENKAM_PROXIES="2").proxies == 2
    assert read(tmp_path, OPENKAM_PROXIES="1").proxies == 1


def test_lists_are_split_at_commas(tmp_path: Path):
    environment = read(tmp_path, OPENKAM_HOSTS="a.example, b.example,", OPENKAM_ORIGINS="https://a.example/")

    assert environment.allowed_hosts == ("a.example", "b.example")
    assert environment.trusted_origins == ("https://a.example",)
