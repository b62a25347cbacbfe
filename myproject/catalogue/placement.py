"""Where the files of a copy go in a project, and what their text has to be there."""

import re
from pathlib import Path

from myproject.catalogue.adaptations import with_any_user_model, with_commits
from myproject.catalogue.catalogue import PACKAGES
from myproject.catalogue.copies import Copy
from myproject.catalogue.targets import Target, read
from myproject.catalogue.wiring import EXTENDS_BASE


class Placement:
    """Gives each file of a copy a place that is free, and adapts what imports it.

    Attributes:
        paths: The files' places, by their paths here.
        modules: The names under which our modules are imported there, by their names here.
        texts: What the files hold there.
    """

    def __init__(self, copy: Copy, target: Target, *, overwrite: bool = False) -> None:
        self.copy = copy
        self.target = target
        self.overwrite = overwrite
        self.modules: dict[str, str] = {}
        self.paths: dict[str, Path] = {}
        self.place()
        self.texts = {
            self.paths[path]: self.adapt(path, text) for path, text in self.copy.files.items()
        }
        if not self.target.tests.exists():
            self.texts[self.target.tests / "__init__.py"] = ""

    def place(self) -> None:
        """Decide where each file goes, and under which name it is imported there."""
        target = self.target
        self.modules["myproject.settings"] = target.settings_module
        self.modules["myproject.urls"] = target.urls_module
        self.modules["myproject.asgi"] = target.asgi_module
        for path in self.copy.files:
            self.put(path, self.place_of(path))
        # What others import comes last among the files, and is placed first.
        for path, text in reversed(self.copy.files.items()):
            place = self.paths[path]
            if path.endswith(".py") and not self.is_app_file(path):
                while self.is_taken(place, path, text):
                    place = place.with_name(f"{place.stem}_async.py")
                    self.put(path, place)

    def put(self, path: str, place: Path) -> None:
        """Give a file its place."""
        self.paths[path] = place
        if path.endswith(".py"):
            self.modules[module_of(Path(path))] = self.module_at(place)

    def module_at(self, place: Path) -> str:
        """Return the name under which a file of the target is imported."""
        tests = place.is_relative_to(self.target.tests)
        base = self.target.tests.parent if tests else self.target.base
        return module_of(place.relative_to(base))

    def place_of(self, path: str) -> Path:
        """Return where a file goes: tests side by side, plugins below, apps beside the project."""
        target = self.target
        package, _, rest = path.partition("/")
        if path == self.copy.pattern.test.path:
            name = self.copy.pattern.slug.replace("-", "_")
            return target.tests / f"test_{name}.py"
        if package == "tests" and path.endswith("/conftest.py"):
            return target.tests / "plugins" / f"{Path(path).parent.name}_fixtures.py"
        if package == "tests":
            return target.tests / rest
        if package == "myproject":
            return target.base.joinpath(*target.package.split("."), rest)
        return target.base / path

    def is_app_file(self, path: str) -> bool:
        """Tell whether a file belongs to one of our apps, which moves as a whole."""
        return path.partition("/")[0] in set(PACKAGES) - {"myproject"}

    def is_taken(self, place: Path, path: str, text: str) -> bool:
        """Tell whether the target has something else there."""
        if path == self.copy.pattern.test.path:
            # Without packages, pytest tells test modules apart by their names alone.
            return any(other != place for other in self.target.tests.rglob(place.name))
        return place.exists() and not self.overwrite and read(place) != self.adapt(path, text)

    def is_foreign(self, app: str) -> bool:
        """Tell whether the target has an app of that name which did not come from here."""
        folder = self.target.base / app
        ours = self.texts[self.paths[f"{app}/apps.py"]]
        return folder.exists() and read(folder / "apps.py") != ours

    def adapt(self, path: str, text: str) -> str:
        """Return a file's text as it has to be in the target."""
        if not path.endswith(".py"):
            app = path.partition("/")[0]
            return text.replace(EXTENDS_BASE, EXTENDS_BASE.replace('"base', f'"{app}/base'))
        text = with_any_user_model(text)
        if path == self.copy.pattern.test.path and not self.copy.rolls_back:
            text = with_commits(text)
        for old, new in self.modules.items():
            if old != new:
                package, _, name = old.rpartition(".")
                new_package, _, new_name = new.rpartition(".")
                text = re.sub(rf"(?<![\w.]){re.escape(old)}\b", new, text)
                alias = new_name if new_name == name else f"{new_name} as {name}"
                text = re.sub(
                    rf"\bfrom {re.escape(package)} import {name}\b(?! as)",
                    f"from {new_package} import {alias}",
                    text,
                )
        # Also where a string names something inside one of its modules.
        return re.sub(r"([\"'])myproject\.(?=\w)", rf"\g<1>{self.target.package}.", text)

    def renamed(self, name: str) -> str:
        """Return the name that something inside one of our modules has in the target."""
        module, _, inside = name.rpartition(".")
        return f"{self.modules.get(module, module)}.{inside}"

    def write(self) -> None:
        """Write the files."""
        for path, text in self.texts.items():
            if not path.exists() or read(path) != text:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")


def module_of(path: Path) -> str:
    """Return the name under which a file is imported from where its path begins."""
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")
