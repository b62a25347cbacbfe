"""Test code that rewrites code.

Compare whole texts, before and after, one difference a test. The trap is looking for what should be
there now: that the rest is as it was shows in the whole only.
"""

import pytest

from myproject.catalogue.adaptations import with_any_user_model, with_commits

ASYNC = "\n\nasync def test_it(): ...\n"


def test_a_user_model_is_looked_up_in_functions_and_in_strings_too() -> None:
    import_user = "from users.models import User\n"

    assert with_any_user_model(f'def f():\n    {import_user}SUITE = """\n{import_user}"""') == (
        "def f():\n    from django.contrib.auth import get_user_model\n"
        "    User = get_user_model()\n"
        'SUITE = """\nfrom django.contrib.auth import get_user_model\n'
        'User = get_user_model()\n"""'
    )


def test_at_the_top_nothing_is_added_for_one_in_a_function() -> None:
    assert with_any_user_model("import x\ndef f():\n    from users.models import User\n") == (
        "import x\ndef f():\n    from django.contrib.auth import get_user_model\n"
        "    User = get_user_model()\n"
    )


def test_at_the_top_the_user_model_follows_the_imports() -> None:
    before = (
        '"""A test."""\n\nimport pytest\nfrom users.models import User  # ours\n'
        "from users.services import (\n    serve,\n)\n\nx = User\n"
    )

    assert with_any_user_model(before) == (
        '"""A test."""\n\nimport pytest\nfrom django.contrib.auth import get_user_model\n'
        "from users.services import (\n    serve,\n)\n\nUser = get_user_model()\n\nx = User\n"
    )


@pytest.mark.parametrize(
    "text",
    ["import users.models\nx = 1\n", "no Python: ("],
    ids=["another import", "not even parsed"],
)
def test_what_does_not_import_the_user_model_stays(text: str) -> None:
    assert with_any_user_model(text) == text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "pytestmark = pytest.mark.django_db",
            "pytestmark = pytest.mark.django_db(transaction=True)",
        ),
        ("@pytest.mark.django_db", "@pytest.mark.django_db(transaction=True)"),
        (
            'X = pytest.mark.django_db(databases=["a"])',
            'X = pytest.mark.django_db(transaction=True, databases=["a"])',
        ),
        ("@pytest.mark.django_db()", "@pytest.mark.django_db(transaction=True)"),
        (
            "X = pytest.mark.django_db, pytest.mark.django_db",
            "X = pytest.mark.django_db(transaction=True), pytest.mark.django_db(transaction=True)",
        ),
        ("pytest.mark.django_db", "pytest.mark.django_db(transaction=True)"),
    ],
    ids=["module", "function", "with others", "called", "two in a line", "an expression"],
)
def test_what_is_marked_for_the_database_commits(before: str, after: str) -> None:
    assert with_commits(f"{before}{ASYNC}") == f"{after}{ASYNC}"


@pytest.mark.parametrize(
    "text",
    [
        f"pytestmark = pytest.mark.django_db(transaction=True){ASYNC}",
        f"pytest.mark.django_db(something){ASYNC}",
        f'SUITE = "pytestmark = pytest.mark.django_db"{ASYNC}',
        "pytestmark = pytest.mark.django_db\n\ndef test_it(db): ...\n",
    ],
    ids=["commits already", "no mark", "a string", "nothing async"],
)
def test_everything_else_stays(text: str) -> None:
    assert with_commits(text) == text


def test_who_asks_for_the_database_asks_for_one_that_commits() -> None:
    before = "async def cafés(db: None, x): ...\n"

    assert with_commits(before) == "async def cafés(transactional_db: None, x): ...\n"


def test_hooks_need_no_mark_where_it_commits() -> None:
    before = (
        f"pytestmark = [pytest.mark.django_db, pytest.mark.run_on_commit]{ASYNC}"
        "@pytest.mark.run_on_commit\nasync def test_that(): ...\n"
    )

    assert with_commits(before) == (
        f"pytestmark = [pytest.mark.django_db(transaction=True)]{ASYNC}async def test_that(): ...\n"
    )
