"""What import-linter cannot see: Django's strings.

A foreign key points down the process and leaves no reverse accessor in a lower room.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.architecture.law import HOUSE, floors, stands_below

LIST_RELATIONS = """
import importlib.util, json, os, sys
import django
from django.conf import settings

if importlib.util.find_spec("openkam.config.settings"):
    os.environ["DJANGO_SETTINGS_MODULE"] = "openkam.config.settings"
else:
    settings.configure(INSTALLED_APPS=json.loads(sys.argv[1]), DEFAULT_AUTO_FIELD="django.db.models.BigAutoField")
django.setup()

def room(model):
    name = model if isinstance(model, str) else model._meta.app_config.name
    return name.removeprefix("openkam.app.").split(".")[0]

relations = []
for model in django.apps.apps.get_models():
    for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
        if field.is_relation and field.related_model and model._meta.app_config.name.startswith("openkam.app."):
            target, hidden = room(field.related_model), field.remote_field.hidden
            relations.append([room(model), f"{model._meta.label}.{field.name}", target, hidden])
print(json.dumps(relations))
"""


def relations(root: Path) -> list[tuple[str, str, str, bool]]:
    """Every relation of the rooms' models: its room, its name, the room it points to, whether it hides the way back.

    A process of its own, because Django can be set up once only.
    """
    app = root / "src/openkam/app"
    rooms = [f"openkam.app.{path.parent.name}" for path in sorted(app.glob("*/__init__.py"))]
    # Its own settings, whatever the other tests run with.
    environment = {**os.environ, "PYTHONPATH": str(root / "src")}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "-P", "-c", LIST_RELATIONS, json.dumps(rooms)]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(f"Django could not load the rooms:\n{done.stderr}")
    return [tuple(row) for row in json.loads(done.stdout)]


def upward_relations(root: Path) -> list[str]:
    floor_of = floors(root)
    return [
        f"{field} points up, from '{room}' to '{target}'"
        for room, field, target, _ in relations(root)
        if target in floor_of and not stands_below(target, room, floor_of)
    ]


def reverse_accessors_across_rooms(root: Path) -> list[str]:
    return [
        f"{field} leaves an accessor in '{target}': give it related_name=\"+\""
        for room, field, target, hidden in relations(root)
        if target != room and not hidden
    ]


def test_relations_point_down_the_process():
    assert upward_relations(HOUSE) == []


def test_relations_across_rooms_have_no_reverse_accessor():
    assert reverse_accessors_across_rooms(HOUSE) == []
