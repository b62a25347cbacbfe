"""Two small projects: one that patterns are copied from, and one that they are copied to."""

from collections.abc import Callable
from pathlib import Path

from myproject.catalogue.plans import Plan

MakePlan = Callable[..., Plan]

FILES = {
    "pyproject.toml": """
[project]
dependencies = ["Django>=5", "channels>=4", "daphne", "djangorestframework>=3"]
[dependency-groups]
test = ["pytest>=9", "pytest-asyncio", "pytest-django", "pytest-mock", {include-group = "x"}]
""",
    "chat/__init__.py": "",
    "chat/apps.py": "# ours",
    "chat/consumers.py": "from channels.layers import get_channel_layer\n",
    "chat/views.py": "from users.models import User\n",
    "chat/urls.py": (
        "from chat.views import room\nfrom chat.elsewhere import other\nother = None\n"
        'urlpatterns = [path("room/", room, name="room"), path("other/", other)]\n'
    ),
    "chat/routing.py": (
        "from chat.consumers import Chat, NoSuchRouteConsumer\n"
        'websocket_urlpatterns = [path("ws/", Chat.as_asgi()),'
        ' re_path("", NoSuchRouteConsumer.as_asgi())]\n'
    ),
    "myproject/asgi.py": "",
    "myproject/urls.py": "",
    "myproject/middleware.py": "",
    "chat/templates/room.html": "",
    "users/apps.py": "",
    "users/models.py": "",
    "users/migrations/__init__.py": "",
    "tests/chat/test_consumers.py": (
        "from channels.testing import x\nfrom myproject.asgi import application\n"
        'import rest_framework\nfrom tests.plugins import sockets\nX = "myproject.middleware.Y"\n'
        "def test_it(near, mocker, settings):\n    settings.PASSWORD_HASHERS = []\n"
    ),
    "tests/chat/test_views.py": (
        '"""Test a view.\n\nCode: chat/views.py, chat/templates/room.html\n"""\n'
        "from tests.factories import make\nSEEN = 'is not allowed here'\n"
    ),
    "tests/chat/conftest.py": "@pytest.fixture\ndef near(pytester): ...\n",
    "tests/users/test_models.py": "from users.models import User\n",
    "tests/factories.py": "from users.models import User\n\nmake = User\n",
    "tests/plugins/sockets.py": "@pytest.fixture\ndef socket(): ...\n",
}
TARGET = {
    "manage.py": 'setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")',
    "shop/settings.py": 'ROOT_URLCONF = "shop.urls"\nINSTALLED_APPS = []\nMIDDLEWARE = []\n',
    "shop/urls.py": "urlpatterns = []\n",
    "shop/asgi.py": "application = None\n",
}


def write(root: Path, files: dict[str, str]) -> Path:
    """Write files, given by path, below a folder, and return it."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


def move_below_src(target: Path) -> None:
    """Move a project's own files below a folder ``src``."""
    (target / "src").mkdir()
    for name in ("manage.py", "shop"):
        (target / name).rename(target / "src" / name)
