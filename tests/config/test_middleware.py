"""Request-wide concerns."""

import re

import pytest
from tests.factories.people import user

from openkam.app.people.terms import Role


@pytest.mark.django_db
@pytest.mark.parametrize("given", ["probe-12345", "0" * 64])
def test_a_plain_request_id_is_kept(client, given: str):
    assert client.get("/health/live", headers={"x-request-id": given})["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "new\nline-12345", "<script>alert(1)</script>"])
def test_any_other_gets_one_of_ours(client, given: str):
    assert re.fullmatch(r"[0-9a-f]{32}", client.get("/health/live", headers={"x-request-id": given})["X-Request-ID"])


@pytest.mark.django_db
def test_the_first_run_asks_the_database_once(client, django_assert_num_queries):
    user()
    with django_assert_num_queries(1):
        client.get("/preferences/")
    with django_assert_num_queries(0):
        client.get("/preferences/")


@pytest.mark.django_db
def test_a_signed_in_person_is_not_asked_about(client, django_assert_num_queries):
    client.force_login(user(Role.MANAGER))
    with django_assert_num_queries(2):  # session, person
        assert client.get("/preferences/").status_code == 200


def test_every_answer_carries_the_strict_policy(client):
    policy = client.get("/health/live")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
