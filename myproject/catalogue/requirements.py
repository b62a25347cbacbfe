"""The packages that a copy needs, as this project requires them."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

from myproject.catalogue.copies import Copy
from myproject.catalogue.patterns import read_source
from myproject.catalogue.targets import Target, distribution

ALWAYS = ("django", "pytest", "pytest-asyncio", "pytest-django")


def requirements(copy: Copy, target: Target) -> list[str]:
    """Return what to install: what is imported, but not what the target requires already."""
    known = distributions()
    names = set(ALWAYS) | copy.plugin_packages
    for imported in copy.imported:
        top = imported.partition(".")[0]
        names.add(distribution(known.get(top, [top])[0]))
    for needs in copy.needs:
        names |= set(needs.packages)
    versions = versions_here(copy.root)
    named = {name for needs in copy.needs for name in needs.packages}
    return sorted(
        versions.get(name, name)
        for name in names
        if name in {*versions, *named} and name not in target.distributions
    )


def versions_here(root: Path) -> dict[str, str]:
    """This project's requirements, by name."""
    project = tomllib.loads(read_source(root, "pyproject.toml").text)
    groups = [project["project"]["dependencies"], *project["dependency-groups"].values()]
    lines = [line for group in groups for line in group if isinstance(line, str)]
    return {distribution(line): line for line in lines}


@cache
def distributions() -> Mapping[str, list[str]]:
    """Return the packages that each module is from: it takes a while, and stays the same."""
    return packages_distributions()
