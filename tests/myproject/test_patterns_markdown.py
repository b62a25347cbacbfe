"""Fail when a generated file is out of date.

Use it for whatever is generated and committed: a page, a schema, a client. Generate it again in
the test and compare. The trap is a generator that reads the clock or an unordered set: the file is
then never up to date.
"""

from myproject.catalogue import Catalogue, get_catalogue
from myproject.patterns_markdown import as_markdown, with_troubleshooting
from tests.myproject.conftest import WriteProject

TROUBLE = '''"""Survive locks.

Wait.

Message: database is locked
Cure: wait | retry
"""

def test_it_waits(): ...
'''


def test_the_page_is_up_to_date() -> None:
    page = get_catalogue().root / "PATTERNS.md"

    assert page.read_text() == as_markdown(get_catalogue()), "run `manage.py patterns --write`"


def test_the_readmes_table_is_up_to_date() -> None:
    readme = (get_catalogue().root / "README.md").read_text()

    assert readme == with_troubleshooting(readme, get_catalogue()), "run `patterns --write`"


def test_the_readmes_table_leads_from_the_message_to_the_cure(write_project: WriteProject) -> None:
    files = {"tests/troubleshooting/test_locks.py": TROUBLE, "tests/test_x.py": '"""Test x."""'}
    readme = "Before\n<!-- messages -->\nold\n<!-- /messages -->\nafter"

    page = with_troubleshooting(readme, Catalogue(write_project(files)))

    link = "[Survive locks](tests/troubleshooting/test_locks.py)"
    assert page.splitlines()[4] == rf"| database is locked | wait \| retry | {link} |"
    assert "old" not in page
    assert "Test x" not in page


def test_a_pattern_links_to_its_code_and_its_tests(write_project: WriteProject) -> None:
    files = {"tests/users/test_x.py": '"""Test x.\n\nSoon.\n"""', "users/x.py": "\ndef f(): ..."}

    page = as_markdown(Catalogue(write_project(files)))

    assert '### <a id="users-x"></a>Test x\n\nSoon.\n\nCode: [users/x.py](users/x.py#L2)' in page
    assert "Tests: [tests/users/test_x.py](tests/users/test_x.py#L1)" in page
    assert "Run: `uv run pytest tests/users/test_x.py`" in page


def test_a_trouble_shows_its_message_and_its_behaviours(write_project: WriteProject) -> None:
    page = as_markdown(Catalogue(write_project({"tests/troubleshooting/test_locks.py": TROUBLE})))

    assert "**Message:** database is locked" in page
    assert "- [it waits](tests/troubleshooting/test_locks.py#L9)" in page
    assert "Code:" not in page


def test_the_groups_come_first_as_an_index(write_project: WriteProject) -> None:
    files = {"tests/users/test_x.py": '"""Test x."""', "tests/users/test_y.py": '"""Test y."""'}

    page = as_markdown(Catalogue(write_project(files)))

    assert "- **ORM and database**: [Test x](#users-x) · [Test y](#users-y)\n" in page
