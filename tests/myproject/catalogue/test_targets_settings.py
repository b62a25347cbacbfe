"""Test what is read out of settings that are never run.

Write settings as people split them, over modules and below conditions. The trap is running a
stranger's settings to learn what they say: they need packages and services that are not here.
"""

import pytest

from myproject.catalogue.targets import Target
from tests.myproject.catalogue.conftest import WriteProject
from tests.myproject.catalogue.test_targets import MANAGE, PROJECT


def test_settings_that_build_on_one_another_are_read_together(write_project: WriteProject) -> None:
    target = Target(
        write_project(
            {
                "manage.py": MANAGE.replace("shop.settings", "shop.settings.dev"),
                "shop/settings/__init__.py": "DEBUG = True\n",
                "shop/settings/dev.py": (
                    "from os import environ\nfrom .base import *\nfrom .dev import X\n"
                    "from ..defaults import *\nfrom shop.more import *\n"
                    "INSTALLED_APPS += ['two', 2]\nif X:\n    CACHES: dict = {}\n"
                    "a.b = 1\na.c: int = 2\na[0] += 3\nVALUE = int('1')\n"
                ),
                "shop/settings/base.py": (
                    "from . import dev\nINSTALLED_APPS = ['one']\nROOT_URLCONF = 'shop.urls'\n"
                ),
                "shop/defaults.py": "LIMIT = 9\n",
                "shop/more.py": "MORE: str\nTIMEOUT = MORE = 'x'\n",
            }
        )
    )

    assert target.names.strings["INSTALLED_APPS"] == {"one", "two"}
    assert target.names.values == {
        "DEBUG": True,
        "INSTALLED_APPS": ["two", 2],
        "ROOT_URLCONF": "shop.urls",
        "LIMIT": 9,
        "TIMEOUT": "x",
        "MORE": "x",
        "CACHES": {},
        "VALUE": None,
    }


def test_a_package_of_settings_imports_from_itself(write_project: WriteProject) -> None:
    files = {
        "manage.py": MANAGE,
        "shop/settings/__init__.py": "from .base import *\n",
        "shop/settings/base.py": "DEBUG = True\n",
        "shop/base.py": "DEBUG = False\n",
    }

    assert Target(write_project(files)).names.values == {"DEBUG": True}


@pytest.mark.parametrize(
    ("module", "text", "parts"),
    [
        ("shop.settings", "", ("shop", "shop.urls", "shop.asgi")),
        ("shop.settings", 'ROOT_URLCONF = "web.urls"', ("web", "web.urls", "web.asgi")),
        ("shop.settings.dev", 'ROOT_URLCONF = "urls"', ("shop", "urls", "shop.asgi")),
        ("shop.settings", 'ASGI_APPLICATION = "a.b.application"', ("shop", "shop.urls", "a.b")),
        ("shop.settings", "ASGI_APPLICATION = f()", ("shop", "shop.urls", "shop.asgi")),
    ],
    ids=["none named", "URLconf", "without a package", "ASGI", "computed"],
)
def test_a_project_names_its_parts(
    write_project: WriteProject, module: str, text: str, parts: tuple[str, str, str]
) -> None:
    path = f"{module.replace('.', '/')}.py"
    target = Target(
        write_project({"manage.py": MANAGE.replace("shop.settings", module), path: text})
    )

    assert (target.package, target.urls_module, target.asgi_module) == parts


@pytest.mark.parametrize(
    ("options", "module"),
    [
        ("DJANGO_SETTINGS_MODULE = shop.test_settings\n", "shop.test_settings"),
        ("DJANGO_SETTINGS_MODULE = shop.nowhere\n", "shop.settings"),
        ("", "shop.settings"),
    ],
    ids=["their own", "some that are not there", "none"],
)
def test_the_settings_are_those_that_its_tests_use(
    write_project: WriteProject, options: str, module: str
) -> None:
    files = {"shop/test_settings.py": "", "pytest.ini": f"[pytest]\n{options}"}

    assert Target(write_project(PROJECT | files)).settings_module == module
