"""The groups that the catalogue shows patterns in, by the paths of their tests."""

from fnmatch import fnmatch

# A pattern belongs to the first group that its test's path fits; the order is the catalogue's.
GROUPS = {
    "Views": [
        "tests/users/test_views.py",
        "tests/users/test_views_*",
        "tests/talks/test_views*",
        "tests/talks/test_changes*",
        "tests/users/test_avatars*",
        "tests/users/test_invitations*",
        "tests/users/test_json_bodies*",
        "tests/users/test_pag*",
        "tests/users/test_registration*",
        "tests/users/test_sessions*",
    ],
    "Django REST framework": [
        "tests/*/test_viewset*",
        "tests/users/test_api*",
        "tests/*/test_parser*",
        "tests/*/test_openapi*",
    ],
    "ORM and database": ["tests/users/*", "tests/talks/*"],
    "WebSockets": ["tests/chat/*"],
    "Outside APIs and mocking": ["tests/external/*"],
    "Fixtures and factories": ["tests/plugins/*", "tests/test_*"],
    "Middleware and the project": ["tests/myproject/test_*", "tests/myproject/management/*"],
    "A real browser": ["tests/live/browser/*"],
    "Made-up requests": ["tests/live/fuzz/*"],
    "Live servers": ["tests/live/*"],
    "Troubleshooting": ["tests/troubleshooting/*"],
    "Others": ["*"],
    "About this repository": [
        "tests/myproject/catalogue/*",
        "tests/abroad/*",
        "tests/benchmarks/*",
        "tests/test_readme.py",
        "tests/users/test_api_page.py",
        "tests/users/test_api_urls.py",
        "tests/*/test_urls.py",
        "tests/chat/test_routing.py",
        "tests/plugins/test_async_rollback_many.py",
        "tests/myproject/test_settings*",
        "tests/myproject/test_views*",
        "tests/myproject/test_openapi.py",
        "tests/myproject/test_asgi*",
        "tests/myproject/test_static_files.py",
        "tests/myproject/test_in_loop.py",
        "tests/myproject/test_checks.py",
    ],
}
# What is in this group stays here: there is nothing to copy it to.
HERE = "About this repository"
# What these test is not what people bring, but how it is run, or this catalogue.
NO_TASKS = ("A real browser", "Made-up requests", "Live servers", HERE)
RANKS = [(group, glob) for group, globs in GROUPS.items() for glob in globs]
# The default run leaves these out.
RUNNERS = {
    "A real browser": "--group browser pytest -m browser",
    "Made-up requests": "--group fuzz pytest -m fuzz",
    "Live servers": "pytest -m live",
}


def rank_of(path: str) -> int:
    """Return the place of a test among the groups, and in its group."""
    ranks = [rank for rank, (_, glob) in enumerate(RANKS) if fnmatch(path, glob)]
    return ranks[-1] if RANKS[ranks[-1]][0] == HERE else ranks[0]


def is_copyable(path: str) -> bool:
    """Tell whether a test runs in another project, once it has been copied there."""
    return RANKS[rank_of(path)][0] not in (HERE, *RUNNERS)
