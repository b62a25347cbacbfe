"""What a copy adds to a project's own modules: complete texts, to be appended as they are."""

import ast
import re

from myproject.catalogue.catalogue import PACKAGES
from myproject.catalogue.copies import Copy
from myproject.catalogue.parsing import parse
from myproject.catalogue.patterns import read_source
from myproject.catalogue.placement import Placement
from myproject.catalogue.targets import Target, strings_of
from myproject.catalogue.wiring import SETTINGS, SETTINGS_OF_SEVERAL

OTHERWISE = '''\
def or_refuse(websockets):
    """Leave other paths to the routes there were, and refuse what they do not know."""

    async def websockets_or_none(scope, receive, send):
        try:
            await websockets(scope, receive, send)
        except ValueError as error:
            if "No route found" not in str(error):
                raise
            await NoSuchRouteConsumer.as_asgi()(scope, receive, send)

    return websockets_or_none


'''
APPLICATION = """\
import os
from django.core.asgi import get_asgi_application
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "{settings}")
application = get_asgi_application()
"""
SOCKETS = '''\
from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from django.urls import path, re_path  # noqa: E402
{imports}


def checked(consumer):
    """Open a consumer to our own pages only, and tell it who is logged in."""
    return AllowedHostsOriginValidator(AuthMiddlewareStack(consumer))


{otherwise}application = ProtocolTypeRouter(
    {{
        {others}
        "websocket": URLRouter(
            [
{routes}
            ]
        ),
    }}
)'''


class RoutedOtherwiseError(Exception):
    """The ASGI module routes WebSockets in a way to which nothing can be appended.

    Its text is what there would be to add.
    """


class Additions:
    """Finds out what the copied modules need, and leaves out what a project has already."""

    def __init__(self, copy: Copy, target: Target, placement: Placement) -> None:
        self.copy = copy
        self.target = target
        self.placement = placement

    def settings(self) -> str:
        """Return the lines for the settings."""
        names = self.target.names
        lines = []
        apps = [app for needs in self.copy.needs for app in needs.apps]
        for path in self.copy.files:
            app, _, inside = path.partition("/")
            if inside == "models.py" or inside.startswith("management/commands/"):
                apps.append(app)
        apps = [self.target.package if app == "myproject" else app for app in apps]
        have = names.strings.get("INSTALLED_APPS", set())
        missing = [
            app for app in dict.fromkeys(apps)
            if not any(entry == app or entry.startswith(f"{app}.") for entry in have)
        ]  # fmt: skip
        if missing:
            lines.append(f"INSTALLED_APPS = [*INSTALLED_APPS, {', '.join(map(quoted, missing))}]")
        lines += [
            f"{name} = {SETTINGS[name]}".replace('"myproject.', f'"{self.target.package}.')
            for name in self.copy.settings
            if name not in names.values
            and name not in SETTINGS_OF_SEVERAL
            and self.comes_along(SETTINGS[name])
        ]
        for name in self.copy.settings:
            entry = SETTINGS_OF_SEVERAL.get(name, "")
            if entry and entry not in names.strings.get(name, set()):
                known = name in names.values
                lines += [] if known else ["from django.conf import global_settings  # noqa: E402"]
                current = name if known else f"global_settings.{name}"
                lines.append(f"{name} = {{**{current}, {SETTINGS[name]}}}")
        have = names.strings.get("MIDDLEWARE", set())
        middleware = [entry for needs in self.copy.needs for entry in needs.middleware]
        for entry in map(self.placement.renamed, middleware):
            if entry not in have:
                lines.append(f'MIDDLEWARE = ["{entry}", *MIDDLEWARE]')
        return block(lines)

    def comes_along(self, setting: str) -> bool:
        """Tell whether what a setting's value names is copied: a test may replace another's."""
        modules = re.findall(r'"myproject\.(\w+)\.', setting)
        return all(f"myproject/{module}.py" in self.copy.files for module in modules)

    def urls(self) -> str:
        """Return the lines for the URLconf: the routes of the views that are copied."""
        have = self.target.text_of(self.target.urls_module)
        lines: list[str] = []
        for package in PACKAGES:
            imports, entries = self.routes(f"{package}/urls.py", "urlpatterns")
            entries = [entry for entry in entries if entry not in have]
            if entries:
                lines += [*imports, f"urlpatterns += [{', '.join(entries)}]"]
        extra = [needs.urls for needs in self.copy.needs if needs.urls and needs.urls not in have]
        if not lines and not extra:
            return ""
        text = "\n".join(["from django.urls import include, path", *lines, *extra])
        return block([self.placement.adapt("urls.py", text)])

    def routes(self, path: str, variable: str) -> tuple[list[str], list[str]]:
        """Return the imports and the entries of a URLconf that concern copied modules."""
        tree = parse(read_source(self.copy.root, path).text)
        imports = {
            alias.name: f"from {node.module} import {alias.name}"
            for node in tree.body
            if isinstance(node, ast.ImportFrom)
            and f"{str(node.module).replace('.', '/')}.py" in self.copy.files
            for alias in node.names
        }
        used: dict[str, None] = {}
        entries = []
        lists = [
            node.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            and ast.unparse(node.targets[0]) == variable
            and isinstance(node.value, ast.List)
        ]
        for entry in (entry for node in lists for entry in node.elts):
            names = {node.id for node in ast.walk(entry) if isinstance(node, ast.Name)}
            lines = [line for name, line in imports.items() if name in names]
            if lines:
                used |= dict.fromkeys(lines)
                entries.append(ast.unparse(entry).replace("'", '"'))
        return [*used], entries

    def asgi(self) -> str:
        """Return the lines for the ASGI module: the routes of the consumers that are copied.

        Raises:
            RoutedOtherwiseError: It cannot be given any.
        """
        if "myproject/asgi.py" not in self.copy.uses:
            return ""
        have = self.target.text_of(self.target.asgi_module)
        imports, entries = self.routes("chat/routing.py", "websocket_urlpatterns")
        entries = [
            entry for entry in entries if entry not in have and with_check(entry) not in have
        ]
        rest = [entry for entry in entries if entry.startswith("re_path")]
        entries = [entry for entry in entries if entry not in rest]
        if not entries:
            return ""
        routed = '"websocket"' in have or "'websocket'" in have
        router = "ProtocolTypeRouter(" in have
        if routed and not router:
            raise RoutedOtherwiseError(", ".join(entries))
        otherwise = OTHERWISE if routed and rest else ""
        if routed:
            there = 'application.application_mapping["websocket"]'
            rest = [f're_path("", {f"or_refuse({there})" if rest else there})']
        sockets = SOCKETS.format(
            imports="\n".join(f"{line}  # noqa: E402" for line in imports),
            otherwise=otherwise,
            others="**application.application_mapping," if router else '"http": application,',
            routes="\n".join(
                f"                {route}," for route in [*map(with_check, entries), *rest]
            ),
        )
        first = "" if have else APPLICATION.format(settings=self.target.settings_module)
        return block([first + sockets])

    def conftest(self) -> str:
        """Return the lines for the root conftest."""
        wanted = ["pytester"] if self.copy.pytester else []
        wanted += [
            self.placement.module_at(self.placement.paths[path]) for path in self.copy.plugins
        ]
        tree = parse(self.target.conftest)
        have: set[str] = set()
        kind = ""
        for value in values_of("pytest_plugins", tree):
            have |= strings_of(value)
            one = isinstance(value, ast.Constant)
            kind = "pytest_plugins, " if one else "*pytest_plugins, "
        missing = [name for name in wanted if name not in have]
        if not missing:
            return ""
        return block([f"pytest_plugins = [{kind}{', '.join(map(quoted, missing))}]"])


def values_of(name: str, tree: ast.Module) -> list[ast.expr | None]:
    """Return what a module assigns to a name, or adds to it."""
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if ast.unparse(target) == name
    ]


def with_check(entry: str) -> str:
    """Return a route whose consumer is checked."""
    return re.sub(r"(\w+\.as_asgi\(\))", r"checked(\1)", entry)


def quoted(text: str) -> str:
    """Return a text as Python writes it."""
    return f'"{text}"'


def block(lines: list[str]) -> str:
    """Return lines as a text that may follow any other."""
    return "\n" + "\n".join(lines) + "\n" if lines else ""
