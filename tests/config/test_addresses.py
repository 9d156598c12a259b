"""Addresses of the database and the mail server, taken apart."""

import pytest

from openkam.config.addresses import PREPARED_AFTER, MailServer, database_at, mail_server_at
from openkam.config.refusal import ConfigurationError


def test_a_database_address_is_taken_apart():
    found = database_at("postgres://kam:p%40ss%2Fword@db.example.org:5433/open%20kam?sslmode=require&connect_timeout=5")

    names = ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")
    assert tuple(found[name] for name in names) == (
        "open kam",
        "kam",
        "p@ss/word",
        "db.example.org",
        "5433",
        {"sslmode": "require", "connect_timeout": "5", "server_side_binding": True, "prepare_threshold": PREPARED_AFTER},
    )


@pytest.mark.parametrize(
    ("said", "meant"), [("", PREPARED_AFTER), ("?prepare_threshold=9", 9), ("?prepare_threshold=none", None)]
)
def test_an_address_says_whether_plans_of_statements_are_kept(said: str, meant: int | None):
    found = database_at(f"postgres://kam@db/kam{said}")
    assert found["OPTIONS"] == {"server_side_binding": True, "prepare_threshold": meant}


def test_a_socket_is_a_host():
    assert database_at("postgresql://kam@/kam?host=%2Frun%2Fpostgresql")["HOST"] == "/run/postgresql"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("mysql://kam:hidden@db/kam", "starts with 'mysql'"),
        ("postgres://kam:hidden@db", "names no database"),
        ("postgres://kam:hidden@db:port/kam", "no address"),
        ("postgres://kam:hidden@db/kam?prepare_threshold=often", "whole number, or none"),
        ("postgres://kam:hidden@[db/kam", "no address"),
    ],
)
def test_a_wrong_database_address_is_refused_without_its_password(url: str, told: str):
    with pytest.raises(ConfigurationError, match="DATABASE_URL") as refused:
        database_at(url)
    assert told in str(refused.value)
    assert "hidden" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://localhost", MailServer("localhost", 25, "", "", "none")),
        ("smtp+starttls://kam:a%3Ab@mail.example.org", MailServer("mail.example.org", 587, "kam", "a:b", "starttls")),
        ("smtps://kam:pw@mail.example.org:4650", MailServer("mail.example.org", 4650, "kam", "pw", "tls")),
    ],
)
def test_a_mail_address_is_taken_apart(url: str, server: MailServer):
    assert mail_server_at(url) == server


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("imap://kam:hidden@mail", "starts with 'imap'"),
        ("smtps://", "names no host"),
        ("smtp://kam:hidden@mail.example.org", "unencrypted"),
        ("smtps://kam:hidden@mail:99999", "no address"),
    ],
)
def test_a_wrong_mail_address_is_refused_without_its_password(url: str, told: str):
    with pytest.raises(ConfigurationError, match="OPENKAM_MAIL_URL") as refused:
        mail_server_at(url)
    assert told in str(refused.value)
    assert "hidden" not in str(refused.value)
