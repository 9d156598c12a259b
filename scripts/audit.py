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
    lines, passes = verdict(done.stdout, done.stderr, os.environ.get("OPENKAM_AUDIT") == "required")
    print("\n".join(lines))
    sys.exit(0 if passes else 1)


def verdict(report: str, complaint: str, required: bool) -> tuple[list[str], bool]:
    """What to say about pip-audit's JSON report, and whether the run passes.

    An empty report means that the service was out of reach; its `complaint` then says why.
    """
    if not report.strip():
        reason = (complaint.strip().splitlines() or ["it said nothing"])[-1]
        return [f"Advisories: NOTHING was audited, the advisory service could not be reached ({reason})"], not required
    packages = json.loads(report)["dependencies"]
    unanswered = [package["name"] for package in packages if "skip_reason" in package]
    vulnerable = [package for package in packages if package.get("vulns")]
    lines: list[str] = []
    for package in vulnerable:
        for advisory in package["vulns"]:
            mended = ", ".join(advisory["fix_versions"]) or "no version yet"
            lines.append(f"{package['name']} {package['version']}: {advisory['id']}, mended in {mended}")
    audited = f"{len(packages) - len(unanswered)} of {len(packages)}"
    lines.append(f"Advisories: {audited} locked packages audited, {len(vulnerable)} vulnerable")
    if unanswered:
        lines.append(f"Advisories: NOT audited, because the service gave no answer: {len(unanswered)} packages")
    return lines, not vulnerable and not (required and unanswered)


if __name__ == "__main__":
    main()
