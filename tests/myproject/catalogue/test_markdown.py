"""Fail when a generated file is out of date.

Use it for whatever is generated and committed: a page, a schema, a client. Generate it again in
the test and compare. The trap is a generator that reads the clock or an unordered set: the file is
then never up to date.
"""

import pytest

from myproject.catalogue.catalogue import Catalogue, get_catalogue
from myproject.catalogue.markdown import PAGES, patterns_page, troubleshooting_page
from tests.myproject.catalogue.conftest import WriteProject

TROUBLE = '''"""Survive locks.

Wait. Or retry.

Message: database is locked
Message: none; it waits
Cure: wait | retry
Upstream: Django #29280
"""

def test_it_waits(): ...
'''


@pytest.mark.parametrize("path", ["PATTERNS.md", "docs/troubleshooting.md"])
def test_a_generated_page_is_up_to_date(path: str) -> None:
    page = (get_catalogue().root / path).read_text(encoding="utf-8")

    assert page == PAGES[path](get_catalogue()), "run `manage.py patterns --write`"


def test_a_pattern_links_to_its_code_and_its_tests(write_project: WriteProject) -> None:
    files = {"tests/users/test_x.py": '"""Test x.\n\nSoon.\n"""', "users/x.py": "\ndef f(): ..."}

    page = patterns_page(Catalogue(write_project(files)))

    assert '### <a id="users-x"></a>Test x\n\nSoon.\n\nCode: [users/x.py](users/x.py#L2)' in page
    assert "Tests: [tests/users/test_x.py](tests/users/test_x.py#L1)" in page
    assert "Run: `uv run pytest tests/users/test_x.py`" in page


def test_a_trouble_shows_its_message_and_its_behaviours(write_project: WriteProject) -> None:
    page = patterns_page(Catalogue(write_project({"tests/troubleshooting/test_locks.py": TROUBLE})))

    assert "**Message:** `database is locked`<br>\n**No message:** it waits<br>" in page
    assert "**Cure:** wait | retry<br>\n**Upstream:** Django #29280<br>" in page
    assert "- [it waits](tests/troubleshooting/test_locks.py#L11)" in page
    assert "Code:" not in page


def test_the_groups_come_first_as_tables(write_project: WriteProject) -> None:
    files = {
        "tests/users/test_x.py": '"""Test x.\n\nUse\nx. Not y.\n"""',
        "tests/chat/test_y.py": '"""Test y.\n\nUse y.\n"""',
    }

    page = patterns_page(Catalogue(write_project(files)))

    assert (
        "\n**ORM and database**\n\n| Pattern | In a sentence |\n| --- | --- |\n"
        "| [Test x](#users-x) | Use x. |\n"
        "\n**WebSockets**\n\n| Pattern | In a sentence |\n| --- | --- |\n"
        "| [Test y](#chat-y) | Use y. |\n"
    ) in page


def test_a_message_leads_to_its_cure(write_project: WriteProject) -> None:
    files = {"tests/troubleshooting/test_locks.py": TROUBLE, "tests/test_x.py": '"""Test x."""'}

    page = troubleshooting_page(Catalogue(write_project(files)))

    link = "[Survive locks](../tests/troubleshooting/test_locks.py)"
    assert f"\n| `database is locked` | wait \\| retry | {link} |\n" in page
    assert f"\n| it waits | wait \\| retry | {link} |\n" in page
    assert "Test x" not in page


def test_messages_are_sorted_by_what_they_say(write_project: WriteProject) -> None:
    messages = {"a": "ValueError: b", "b": "TypeError: a", "c": "an `x`"}
    files = {
        f"tests/troubleshooting/test_{name}.py": f'"""X.\n\nMessage: {text}\nCure: wait\n"""'
        for name, text in messages.items()
    }

    page = troubleshooting_page(Catalogue(write_project(files)))

    assert [line.split(" | ")[0] for line in page.splitlines() if " | wait | " in line] == [
        "| `TypeError: a`",
        "| `` an `x` ``",
        "| `ValueError: b`",
    ]


def test_a_message_with_several_causes_tells_them_apart(write_project: WriteProject) -> None:
    told = TROUBLE.replace("Cure:", "Told by: two write\nCure:")
    files = {"tests/troubleshooting/test_a.py": TROUBLE, "tests/troubleshooting/test_b.py": told}

    page = troubleshooting_page(Catalogue(write_project(files)))

    causes = page.partition("## One message, one cause")[0]
    assert "`database is locked`\n\n| It is this if | Cure | Why |" in causes
    assert "| two write | wait \\| retry |" in causes
    assert "| Wait. | wait \\| retry |" in causes
    assert "`database is locked`" not in page.partition("## One message, one cause")[2]
