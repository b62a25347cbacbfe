"""Test what the text of a copied file has to be where it goes.

Give the files one line each, and compare it with what it has become. The trap is a name that only
looks like one of ours.
"""

import os
from pathlib import Path

import pytest

from tests.myproject.catalogue.conftest import MakePlacement
from tests.myproject.catalogue.planning import write

MARKED = "pytestmark = pytest.mark.django_db\nasync def test_it(): ...\n"
COMMITS = MARKED.replace("django_db", "django_db(transaction=True)")


@pytest.mark.parametrize(
    ("line", "adapted"),
    [
        ("from myproject.settings import X", "from conf.base import X"),
        ("import myproject.settings as s", "import conf.base as s"),
        ("from myproject import settings", "from conf import base as settings"),
        ("from myproject import asgi, urls", "from shop.web import sockets as asgi, urls"),
        ("from myproject import urls", "from shop.web import urls"),
        ("X = 'myproject.urls'", "X = 'shop.web.urls'"),
        ('X = "myproject.else.where"', 'X = "shop.web.else.where"'),
        ("from tests.plugins import sockets", "from tests.plugins import sockets_async as sockets"),
        ("import tests.plugins.sockets", "import tests.plugins.sockets_async"),
    ],
)
def test_our_modules_are_called_as_the_projects_are(
    placed: MakePlacement, target: Path, line: str, adapted: str
) -> None:
    write(target, {"manage.py": 'setdefault("DJANGO_SETTINGS_MODULE", "conf.base")'})
    names = 'ROOT_URLCONF = "shop.web.urls"\nASGI_APPLICATION = "shop.web.sockets.application"\n'
    write(target, {"conf/base.py": names, "tests/plugins/sockets.py": "# theirs"})
    code = '"""Test it.\n\nCode: tests/plugins/sockets.py\n"""\n'

    placement = placed({"tests/test_it.py": f"{code}{line}\n", "tests/plugins/sockets.py": ""})

    assert placement.texts[target / "tests/test_it.py"] == f"{code}{adapted}\n"


@pytest.mark.parametrize(
    "line",
    [
        "my.myproject.settings, myproject_settings, myproject.settings_of",
        "X = 'myproject', 'myproject.', ' myproject.x'",
        "from testsXplugins import sockets",
        "from tests.plugins import sockets_of",
    ],
)
def test_what_only_looks_like_one_of_them_stays(
    placed: MakePlacement, target: Path, line: str
) -> None:
    write(target, {"tests/plugins/sockets.py": "# theirs"})
    code = '"""Test it.\n\nCode: tests/plugins/sockets.py\n"""\n'

    placement = placed({"tests/test_it.py": f"{code}{line}\n", "tests/plugins/sockets.py": ""})

    assert placement.texts[target / "tests/test_it.py"] == f"{code}{line}\n"


@pytest.mark.parametrize(
    ("line", "adapted"),
    [("", COMMITS), ("X = 'capture_on_commit_callbacks'\n", MARKED)],
    ids=["without the plugin", "with it"],
)
def test_only_the_test_itself_is_made_to_commit(
    placed: MakePlacement, target: Path, line: str, adapted: str
) -> None:
    files = {
        "tests/test_it.py": f"import tests.helpers\n{line}{MARKED}",
        "tests/helpers.py": MARKED,
        "tests/plugins/async_rollback.py": "",
    }

    texts = placed(files).texts

    assert texts[target / "tests/test_it.py"] == f"import tests.helpers\n{line}{adapted}"
    assert texts[target / "tests/helpers.py"] == MARKED


def test_a_page_is_framed_by_its_app(placed: MakePlacement, target: Path) -> None:
    page = '{% extends "base.html" %} "myproject.urls"'
    code = '"""Test it.\n\nCode: chat/room.html\n"""\n'

    texts = placed({"tests/test_it.py": code, "chat/room.html": page}).texts

    assert texts[target / "chat/room.html"] == '{% extends "chat/base.html" %} "myproject.urls"'


def test_only_what_differs_is_written(placed: MakePlacement, target: Path) -> None:
    code = '"""Test it.\n\nCode: chat/a/b/same.txt, chat/a/b/other.txt\n"""\n'
    ours = {"chat/a/b/same.txt": "same", "chat/a/b/other.txt": "other"}
    write(target, {"chat/a/b/same.txt": "same", "chat/a/b/other.txt": "theirs"})
    os.utime(target / "chat/a/b/same.txt", (1, 1))

    placed({"tests/test_it.py": code, "tests/plugins/x.py": "", **ours}).write()

    assert (target / "chat/a/b/same.txt").stat().st_mtime == 1
    assert (target / "chat/a/b/other.txt").read_text() == "other"
    assert (target / "tests/test_it.py").read_text() == code


def test_folders_are_made_on_the_way(placed: MakePlacement, target: Path) -> None:
    files = {"tests/test_it.py": "import tests.a.b.c\n", "tests/a/b/c.py": "here = True"}

    placed(files).write()

    assert (target / "tests/a/b/c.py").read_text() == "here = True"
