"""A small project for the command, and how it is called."""

from io import StringIO

from django.core.management import call_command

FILES = {
    "users/views.py": "from users.models import User\n\n\ndef view(request): ...\n",
    "users/models.py": "",
    "docs/readme.txt": "",
    "users/__init__.py": "",
    "users/apps.py": "",
    "tests/test_readme.py": '"""Keep it naïve.\n\nSoon.\n"""\n',
    "pyproject.toml": (
        '[project]\ndependencies = ["Django>=5"]\n[dependency-groups]\ntest = ["pytest"]\n'
    ),
    "tests/users/test_orm.py": '"""Test the ORM.\n\nSoon.\n"""\n',
    "tests/users/test_views.py": '"""Test a view.\n\nSoon.\n"""\n\ndef test_it(person): ...\n',
    "tests/plugins/people.py": "@pytest.fixture\ndef person(): ...\n",
    "tests/conftest.py": 'pytest_plugins = ["tests.plugins.people"]\n',
    "tests/troubleshooting/test_locks.py": (
        '"""Survive locks.\n\nMessage: table is locked\nMessage: no table\n'
        'Told by: two write\nCure: wait\n"""'
    ),
    "tests/troubleshooting/test_waits.py": (
        '"""Survive waits.\n\nSoon.\n\nMessage: table is locked\nCure: wait\n"""'
    ),
}


def patterns(*args: str) -> str:
    """Call the command, and return what it prints."""
    stdout = StringIO()
    call_command("patterns", *args, stdout=stdout, stderr=stdout, no_color=True)
    return stdout.getvalue()
