"""A wheel without its font would look different on every machine, so it is not built; an editable install may do without."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CARRIED = ("inter-latin-wght-normal.woff2", "inter-LICENSE.txt")


class CarriesItsAssets(BuildHookInterface):
    """Refuses to build a wheel before `make setup` has put the front-end files in their places."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        assets = Path(self.root) / "src/openkam/analytics/report/assets"
        missing = [name for name in CARRIED if not (assets / name).exists()]
        if version == "standard" and missing:
            raise RuntimeError(f"{assets} lacks {', '.join(missing)}: run `make setup` first, then build the wheel.")
