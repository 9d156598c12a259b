"""What import-linter cannot see: a template or a redirect that names an upper room by a string."""

import re
from pathlib import Path

from tests.architecture.law import HOUSE, floors, python_files, stands_below

LINK = re.compile(r"""\{%\s*url\s+["'](?P<room>\w+):""")
PART = re.compile(r"""\{%\s*(?:include|extends)\s+["'](?P<room>\w+)/""")
CALL = re.compile(r"""\b(?:reverse|reverse_lazy|redirect|resolve_url)\(\s*["'](?P<room>\w+):""")
RENDERED = re.compile(r"""["'](?P<room>\w+)/[\w/-]+\.(?:html|txt)["']""")


def upward_links(root: Path) -> list[str]:
    floor_of = floors(root)
    app = root / "src/openkam/app"
    templates = sorted(path for path in app.glob("*/templates/**/*") if path.is_file())
    sources = [(path, (LINK, PART)) for path in templates] + [
        (path, (CALL, RENDERED)) for path in python_files(root, "src/openkam/app")
    ]
    violations: list[str] = []
    for path, patterns in sources:
        room = path.relative_to(app).parts[0]
        text = path.read_text(encoding="utf-8")
        for pattern in patterns:
            for found in pattern.finditer(text):
                named = found["room"]
                if room in floor_of and named in floor_of and not stands_below(named, room, floor_of):
                    line = text.count("\n", 0, found.start()) + 1
                    violations.append(f"{path.relative_to(root).as_posix()}:{line} '{room}' links to the upper room '{named}'")
    return violations


def test_no_room_links_to_an_upper_room():
    assert upward_links(HOUSE) == []
