"""What the program is built on: versions within bounds, permissive licences, exceptions with reasons.

Known vulnerabilities are looked up by hand, with a network: `pip-audit`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

import tui_downloader

ROOT = Path(__file__).parents[1]
PACKAGE = Path(tui_downloader.__file__).parent

PERMISSIVE = re.compile(r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation|HPND|MIT-CMU")
WEAK_COPYLEFT = {"certifi": "MPL-2.0: Mozilla's list of authorities, used as it is"}
"""Exceptions, each with its reason."""


def project() -> dict[str, list[str]]:
    """Return the direct requirements, by the extra that brings them; none is the empty text."""
    read = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return {"": read["dependencies"], **read["optional-dependencies"]}


def installed(names: list[str]) -> Iterator[metadata.Distribution]:
    """Yield what is installed of these requirements and of all that they require."""
    seen, left = set[str](), [Requirement(each) for each in names]
    while left:
        wanted = left.pop()
        name = re.sub(r"[-_.]+", "-", wanted.name).lower()
        if name in seen:
            continue
        seen.add(name)
        try:
            found = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # for another system or version of Python
        yield found
        left += [each for each in map(Requirement, found.requires or []) if _is_needed(each, wanted.extras)]


def _is_needed(requirement: Requirement, extras: set[str]) -> bool:
    """Tell whether something is required here, with these extras."""
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": each}) for each in ("", *extras))


def licence(of: metadata.Distribution) -> str:
    """Return what a distribution says of its licence."""
    names = ("License-Expression", "License", "Classifier")
    said = [(name, text) for name in names for text in of.metadata.get_all(name) or []]
    return " ".join(text[:60] for name, text in said if name != "Classifier" or text.startswith("License"))


def test_every_version_has_a_lowest_and_an_upper_bound() -> None:
    for extra, names in project().items():
        for each in map(Requirement, names):
            signs = {part.operator for part in each.specifier}
            assert ">=" in signs, each
            assert extra == "test" or "<" in signs, f"{each}: a new major version may break a user's installation"


def test_every_licence_is_permissive() -> None:
    runtime = [each for extra, names in project().items() if extra != "test" for each in names]
    found = {each.metadata["Name"]: licence(each) for each in installed(runtime)}
    assert len(found) >= 15, "the whole tree was walked"
    odd = {name: text for name, text in found.items() if not PERMISSIVE.search(text)}
    assert odd.keys() <= WEAK_COPYLEFT.keys(), odd
    assert not [name for name, text in found.items() if re.search(r"\bA?L?GPL", text)], found


def test_every_exception_from_a_rule_has_its_reason() -> None:
    bare = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"# noqa", line) and not re.search(r"# noqa: [A-Z0-9, ]+ (--|-|#) ?\w", line)
    ]
    assert bare == []


def test_the_rules_of_security_are_on() -> None:
    ruff = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]["lint"]
    assert "S" in ruff["select"]
    assert {each for each in ruff["ignore"] if each.startswith("S")} <= {"S101", "S603", "S607", "SIM"}
