"""Test a table of rules of which the first that fits decides.

Give each rule an example that no rule before it fits, and compare all at once. The trap is the
order: a rule that stands too early swallows what others were made for.
"""

import pytest

from myproject.catalogue.groups import NO_TASKS, RANKS, RUNNERS, is_copyable, rank_of

EXAMPLES = {
    "Views": [
        "tests/users/test_views.py",
        "tests/users/test_views_streaming.py",
        "tests/talks/test_views_pages.py",
        "tests/talks/test_changes_streams.py",
        "tests/users/test_avatars_sizes.py",
        "tests/users/test_invitations_mail.py",
        "tests/users/test_json_bodies_nested.py",
        "tests/users/test_paging.py",
        "tests/users/test_registration_races.py",
        "tests/users/test_sessions_ends.py",
    ],
    "Django REST framework": [
        "tests/users/test_viewsets.py",
        "tests/users/test_api_tokens.py",
        "tests/myproject/test_parsers.py",
        "tests/users/test_openapi_page.py",
    ],
    "ORM and database": ["tests/users/test_orm.py", "tests/talks/test_models.py"],
    "WebSockets": ["tests/chat/test_consumers.py"],
    "Outside APIs and mocking": ["tests/external/test_views.py"],
    "Fixtures and factories": ["tests/plugins/test_people.py", "tests/test_factories.py"],
    "Middleware and the project": [
        "tests/myproject/test_middleware.py",
        "tests/myproject/management/commands/test_demo.py",
    ],
    "A real browser": ["tests/live/browser/test_chat.py"],
    "Made-up requests": ["tests/live/fuzz/test_api.py"],
    "Live servers": ["tests/live/test_servers.py"],
    "Troubleshooting": ["tests/troubleshooting/test_locks.py"],
    "Others": ["elsewhere/test_it.py"],
    "About this repository": [
        "tests/myproject/catalogue/test_views.py",
        "tests/abroad/test_patterns.py",
        "tests/benchmarks/test_mutants.py",
        "tests/test_readme.py",
        "tests/users/test_api_page.py",
        "tests/users/test_api_urls.py",
        "tests/chat/test_urls.py",
        "tests/chat/test_routing.py",
        "tests/plugins/test_async_rollback_many.py",
        "tests/myproject/test_settings_database.py",
        "tests/myproject/test_views_home.py",
        "tests/myproject/test_openapi.py",
        "tests/myproject/test_asgi_wiring.py",
        "tests/myproject/test_static_files.py",
        "tests/myproject/test_in_loop.py",
        "tests/myproject/test_checks.py",
    ],
}
EACH = [(group, path) for group, paths in EXAMPLES.items() for path in paths]


def test_each_rule_decides_for_its_example_and_the_rules_give_the_order() -> None:
    assert [rank_of(path) for _, path in EACH] == list(range(len(RANKS)))


@pytest.mark.parametrize(("group", "path"), EACH)
def test_the_path_decides_the_group(group: str, path: str) -> None:
    assert RANKS[rank_of(path)][0] == group


@pytest.mark.parametrize(
    ("path", "copyable"),
    [
        ("tests/users/test_views.py", True),
        ("tests/troubleshooting/test_locks.py", True),
        ("tests/live/browser/test_chat.py", False),
        ("tests/live/fuzz/test_api.py", False),
        ("tests/live/test_servers.py", False),
        ("tests/test_readme.py", False),
    ],
)
def test_what_needs_more_than_a_project_has_is_not_copied(path: str, copyable: bool) -> None:
    assert is_copyable(path) is copyable


def test_some_groups_have_a_command_of_their_own_and_are_no_tasks() -> None:
    assert RUNNERS == {
        "A real browser": "--group browser pytest -m browser",
        "Made-up requests": "--group fuzz pytest -m fuzz",
        "Live servers": "pytest -m live",
    }
    assert (*RUNNERS, "About this repository") == NO_TASKS
