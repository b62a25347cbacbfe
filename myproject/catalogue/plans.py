"""The plan for copying a pattern: what is written, and what the project has to be given."""

import re
from dataclasses import asdict, dataclass, field
from pathlib import Path

from myproject.catalogue.additions import Additions, RoutedOtherwiseError
from myproject.catalogue.copies import Copy
from myproject.catalogue.placement import Placement
from myproject.catalogue.requirements import requirements
from myproject.catalogue.targets import Target, read

OPTIONS = {
    "asyncio_mode": "auto",
    "asyncio_default_fixture_loop_scope": "function",
    "asyncio_default_test_loop_scope": "function",
}
ROLLBACK = (
    "To roll back instead of committing, which is several times as fast, copy "
    "plugins-async-rollback, too; then plain django_db will do, without transaction=True."
)


@dataclass
class Plan:
    """What copying a pattern takes; the texts are complete, to be appended as they are.

    Attributes:
        files: The files, relative to the project's folder.
        packages: Requirements to install.
        settings: Python for the settings module.
        urls: Python for the URLconf.
        asgi: Python for the ASGI module.
        conftest: Python for the root ``conftest.py``, which is made if there is none.
        pytest: Options for pytest's configuration.
        run: The command that runs the tests, in the project's folder.
        conflicts: What is in the way. With any of it nothing is written.
        advice: What else to know, or what to do about conflicts.
        recommended: What the tests run without, and a project is better off with.
        present: Which of the files are there already, just as they are here.
        into: The file to append each of the texts to.
    """

    files: list[str] = field(default_factory=list)
    packages: list[str] = field(default_factory=list)
    settings: str = ""
    urls: str = ""
    asgi: str = ""
    conftest: str = ""
    pytest: dict[str, str] = field(default_factory=dict)
    run: str = ""
    conflicts: list[str] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)
    recommended: list[str] = field(default_factory=list)
    present: list[str] = field(default_factory=list)
    into: dict[str, str] = field(default_factory=dict)

    @property
    def is_new(self) -> bool:
        """Whether there is anything to write, by us or by hand."""
        texts = (self.settings, self.urls, self.asgi, self.conftest, self.pytest)
        return any(texts) or len(self.present) < len(self.files)

    def as_dict(self) -> dict[str, object]:
        """Return it for JSON."""
        return asdict(self)

    def steps(self, folder: str | Path) -> dict[str, str]:
        """Return what to do, by title, for somebody who is going to do it in a folder."""
        options = "".join(f"{name} = {value}\n" for name, value in self.pytest.items())
        steps = {
            f"Written below {folder}": "\n".join(
                file for file in self.files if file not in self.present
            ),
            "Nothing to write": "" if self.is_new else "All of it is there already.",
            "Install": " ".join(f'"{package}"' for package in self.packages),
            f"Append to {self.into.get('settings')}": self.settings.strip(),
            f"Append to {self.into.get('urls')}": self.urls.strip(),
            f"Append to {self.into.get('asgi')}": self.asgi.strip(),
            f"Append to {self.into.get('conftest')}": self.conftest.strip(),
            "Add to pytest.ini in that folder": options and f"[pytest]\n{options}".strip(),
            "Know": "\n".join(self.advice),
            "Run there": self.run,
            "Recommended": "\n".join(self.recommended),
        }
        return {title: text for title, text in steps.items() if text}


class Planner:
    """Fits a copy into a project."""

    def __init__(self, copy: Copy, target: Target, *, overwrite: bool = False) -> None:
        self.copy = copy
        self.target = target
        self.overwrite = overwrite
        self.placement = Placement(copy, target, overwrite=overwrite)
        self.plan = Plan()

    def make(self) -> Plan:
        """Return the plan; nothing is written yet."""
        plan, texts = self.plan, self.placement.texts
        self.find_conflicts()
        plan.files = sorted(self.target.relative(path) for path in texts)
        plan.present = sorted(self.target.relative(path) for path in texts if path.exists())
        plan.into = self.into()
        plan.packages = requirements(self.copy, self.target)
        self.add()
        self.pytest()
        if self.copy.commits and "async_rollback" not in self.target.conftest:
            plan.recommended.append(ROLLBACK)
        return plan

    def add(self) -> None:
        """Fill in the texts to append."""
        plan, additions = self.plan, Additions(self.copy, self.target, self.placement)
        plan.settings = additions.settings()
        plan.urls = additions.urls()
        plan.conftest = additions.conftest()
        try:
            plan.asgi = additions.asgi()
        except RoutedOtherwiseError as routes:
            plan.conflicts.append("The ASGI module routes WebSockets in a way of its own.")
            plan.advice.append(f"Add these routes to yours: {routes}")

    def find_conflicts(self) -> None:
        """Name what is in the way."""
        plan = self.plan
        for path, place in sorted(self.placement.paths.items()):
            text = self.placement.texts[place]
            if self.overwrite or not place.exists() or read(place) == text or not text:
                continue
            file = self.target.relative(place)
            plan.conflicts.append(f"{file} is there already, and different.")
            plan.advice.append(f"Compare {file} with ours ({path}): --overwrite replaces it.")
        for app in dict.fromkeys(path.partition("/")[0] for path in sorted(self.placement.paths)):
            if self.placement.is_app_file(f"{app}/") and self.placement.is_foreign(app):
                plan.conflicts.append(f"The project has an app or a package “{app}” of its own.")
                plan.advice.append(
                    f"Read the pattern's {app}/ and write its code into an app of yours, or copy it"
                    f" into an empty project first (django-admin startproject) and rename {app}/."
                )
        if self.copy.own_users:
            current = self.target.names.values.get("AUTH_USER_MODEL")
            if current not in (None, "users.User"):
                plan.conflicts.append(f"AUTH_USER_MODEL is {current} already.")
                plan.advice.append(
                    "This pattern is about a user model of its own. A project can have only one, "
                    "so copy the tests you like and adapt them to yours."
                )

    def into(self) -> dict[str, str]:
        """Return the files of the target that texts are appended to."""
        target = self.target
        modules = {
            "settings": target.settings_module,
            "urls": target.urls_module,
            "asgi": target.asgi_module,
        }
        files = {
            name: target.path_of(module)
            or target.base.joinpath(*module.split(".")).with_suffix(".py")
            for name, module in modules.items()
        }
        return {
            **{name: self.target.relative(file) for name, file in files.items()},
            "conftest": "conftest.py",
            "pytest": "pytest.ini",
        }

    def pytest(self) -> None:
        """Fill in pytest's options, and the command that runs the tests."""
        target = self.target
        have = target.options
        wanted = {"DJANGO_SETTINGS_MODULE": target.settings_module, **OPTIONS}
        folders = dict.fromkeys([".", target.relative(target.base)])
        wanted["pythonpath"] = " ".join(folders)
        options = {name: value for name, value in wanted.items() if name not in have}
        plan = self.plan
        over = {"asyncio_mode": "auto"} if have.get("asyncio_mode", "auto") != "auto" else {}
        if target.pytest_file in ("", "pytest.ini", ".pytest.ini"):
            plan.pytest = options
        elif options:
            over |= options
            plan.advice.append(
                f"Pytest's options are in {target.pytest_file}, where a pytest.ini would hide "
                f"them. The command has what is missing; to leave it out there, add to "
                f"{target.pytest_file}: " + ", ".join(f"{k} = {v}" for k, v in options.items())
            )
        module = over.pop("DJANGO_SETTINGS_MODULE", "")
        words = [f"--ds={module}"] if module else []
        words += [f"-o {name}={shell(value)}" for name, value in over.items()]
        test = self.target.relative(self.placement.paths[self.copy.pattern.test.path])
        plan.run = " ".join(["python -m pytest", *words, test])


def shell(value: str) -> str:
    """Return a value as a shell takes it."""
    return f'"{value}"' if re.search(r"[^\w./]", value) else value
