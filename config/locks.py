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
        found += [f"{file.name}: {name} has no hash" for name, pin in pins.items() if "--hash=sha256:" not in pin["rest"]]
        for requirement in map(Requirement, wanted.get(file.stem, [])):
            pin = pins.get(canonicalize_name(requirement.name))
            if pin is None or not requirement.specifier.contains(pin["version"], prereleases=True):
                found.append(f"{file.name}: does not fulfil {requirement}; see CONTRIBUTING.md to compile it again")
    packages = json.loads((root / "package-lock.json").read_text("utf-8"))["packages"]
    found += [f"package-lock.json: {name} names an address" for name, package in packages.items() if "resolved" in package]
    found += [f"package-lock.json: {name} has no hash" for name, package in packages.items() if name and "integrity" not in package]
    return found


if __name__ == "__main__":
    for problem in problems(ROOT):
        sys.stderr.write(f"{problem}\n")
    sys.exit(1 if problems(ROOT) else 0)
