import pytest
from django.test import override_settings
from django.urls import NoReverseMatch, reverse, set_script_prefix

from openkam.app.ui.templatetags.addresses import address


def test_an_address_is_what_django_makes_of_it_each_time() -> None:
    for _ in range(2):
        assert address("accounts:detail", 12) == reverse("accounts:detail", args=[12]) == address("accounts:detail", "12")
    assert address("accounts:list") == "/accounts/"
    with pytest.raises(NoReverseMatch):
        address("accounts:detail")
    with pytest.raises(NoReverseMatch):
        address("accounts:detail", "no number")


def test_a_site_below_a_prefix_keeps_addresses_of_its_own() -> None:
    plain = address("accounts:list")
    set_script_prefix("/kam/")
    try:
        assert address("accounts:list") == f"/kam{plain}"
    finally:
        set_script_prefix("/")
    assert address("accounts:list") == plain


def test_other_pages_keep_addresses_of_their_own() -> None:
    address("accounts:list")
    with override_settings(ROOT_URLCONF="openkam.app.ui.urls"), pytest.raises(NoReverseMatch):
        address("accounts:list")
