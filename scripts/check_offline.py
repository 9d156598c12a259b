"""Fail when a page of a built site would fetch anything from elsewhere: `check_offline.py FOLDER`.

Links that a reader clicks are free.
"""

import sys
from html.parser import HTMLParser
from pathlib import Path

FETCHED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "audio": "src", "link": "href"}
NOT_FETCHED_LINKS = {"canonical", "alternate", "next", "prev", "edit"}


class Fetches(HTMLParser):
    """Collects the addresses outside this site that a browser would fetch while showing a page."""

    def __init__(self) -> None:
        super().__init__()
        self.outside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        address = attributes.get(FETCHED.get(tag, "")) or ""
        if address.startswith(("http:", "https:", "//")) and attributes.get("rel") not in NOT_FETCHED_LINKS:
            self.outside.append(address)


def outside_fetches(folder: Path) -> list[str]:
    """`page: address` for each such address, in all pages and style sheets below the folder."""
    found: list[str] = []
    for page in sorted(folder.rglob("*.html")):
        parser = Fetches()
        parser.feed(page.read_text(encoding="utf-8"))
        found += [f"{page}: {address}" for address in parser.outside]
    for sheet in sorted(folder.rglob("*.css")):
        text = sheet.read_text(encoding="utf-8")
        found += [f"{sheet}: {mark}" for mark in ("url(http", "url(//", "url('http", 'url("http', "@import") if mark in text]
    return found


if __name__ == "__main__":
    if violations := outside_fetches(Path(sys.argv[1])):
        sys.exit("These pages fetch from elsewhere:\n" + "\n".join(violations))
