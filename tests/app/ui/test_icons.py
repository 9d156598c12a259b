"""Icons are drawn once, and a wrong name is told each time."""

import pytest

from openkam.app.ui.templatetags.assets import UnknownIconError
from openkam.app.ui.templatetags.icons import icon_svg


def test_an_icon_is_kept_and_named_only_where_it_stands_alone() -> None:
    assert icon_svg("search") is icon_svg("search")
    assert 'aria-hidden="true"' in icon_svg("search")
    assert 'aria-label="&lt;Find&gt;"' in icon_svg("search", "", "<Find>")


def test_an_unknown_icon_is_told_every_time() -> None:
    for _ in range(2):
        with pytest.raises(UnknownIconError):
            icon_svg("no-such-icon")
