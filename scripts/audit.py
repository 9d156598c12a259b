"""Hold the locked packages against the published advisories, and say plainly how many could be checked.

`pip-audit` asks the package index for each package's advisories and passes quietly over what it gets no answer for. Where only
the packages themselves can be reached that is all of them. So this prints the count, and with `OPENKAM_AUDIT=required` (set it
where the network is known to be there) a package without an answer fails the run. A known vulnerability always does.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        locked = Path(folder) / "locked.txt"
        export = [ROOT / ".uv/bin/uv", "export", "--locked", "--quiet", "--all-extras", "--all-groups", "--no-emit-project"]
        subprocess.run([*export, "-o", locked], cwd=ROOT, check=True)
        audit = [
            sys.executable,
            "-m",
            "pip_audit",
            "--disable-pip",
            "--require-hashes",
            "--progress-spinner=off",
            "--format=json",
        ]
        done = subprocess.run([*audit, "-r", locked], capture_output=True, text=True, check=False)
    required = os.environ.get("OPENKAM_AUDIT") == "required"
    if not done.stdout.strip():
        reason = done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"status {done.returncode}"
        print(f"Advisories: NOTHING was audited, the advisory service could not be reached ({reason})")
        sys.exit(1 if required else 0)
    packages = json.loads(done.stdout)["dependencies"]
    unanswered = [package["name"] for package in packages if "skip_reason" in package]
    vulnerable = [package for package in packages if package.get("vulns")]
    for package in vulnerable:
        for advisory in package["vulns"]:
            mended = ", ".join(advisory["fix_versions"]) or "none yet"
            print(f"{package['name']} {package['version']}: {advisory['id']}, mended in {mended}")
    audited = len(packages) - len(unanswered)
    print(f"Advisories: {audited} of {len(packages)} locked packages audited, {len(vulnerable)} vulnerable")
    if unanswered:
        print(f"Advisories: NOT audited, because the service gave no answer: {len(unanswered)} packages")
    sys.exit(1 if vulnerable or (required and unanswered) else 0)


if __name__ == "__main__":
    main()
