"""Checks the locks without network: each library of pyproject.toml is pinned with hashes, and no registry is named."""

import json
import re
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
ADDRESS = re.compile(r"https?://|--(?:extra-)?index-url|--find-links")
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;]+)(?P<rest>.*)", re.MULTILINE)


def problems(root: Path) -> list[str]:
    """One sentence for each fault of the locks."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    base, extras = project["dependencies"], project["optional-dependencies"]
    wanted = {"base": base, "embedded": base + extras["embedded"], "dev": base + extras["embedded"] + extras["dev"]}
    found = []
    for file in sorted((root / "requirements").glob("*.txt")):
        text = file.read_text("utf-8")
        found += [f"{file.name}: names an address: {line}" for line in text.splitlines() if ADDRESS.search(line)]
        pins = {canonicalize_name(pin["name"]): pin for pin in PIN.finditer(text.replace("\\\n", " "))}
        found += [
            f"{file.name}: no hash for {name}" for name, pin in pins.items() if "--hash=sha256:" not in pin["rest"]
        ]
        for requirement in map(Requirement, wanted.get(file.stem, [])):
            pin = pins.get(canonicalize_name(requirement.name))
            if pin is None or not requirement.specifier.contains(pin["version"], prereleases=True):
                found.append(f"{file.name}: does not fulfil {requirement}; see CONTRIBUTING.md to compile it again")
    packages = json.loads((root / "package-lock.json").read_text("utf-8"))["packages"]
    for name, package in packages.items():
        if "resolved" in package:
            found.append(f"package-lock.json: names an address for {name}")
        if name and "integrity" not in package:
            found.append(f"package-lock.json: no hash for {name}")
    return found


if __name__ == "__main__":
    faults = problems(ROOT)
    sys.stderr.write("".join(f"{fault}\n" for fault in faults))
    sys.exit(bool(faults))
