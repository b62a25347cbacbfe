"""The matrix, and everything else that CI checks: `uvx nox -l` lists it.

Each session has an environment of its own, made by uv. A Python that is not there is passed over on
your machine and fails the run in CI.
"""

import os

import nox

nox.options.default_venv_backend = "uv"
nox.options.sessions = ["lint", "types", "tests", "coverage"]
nox.options.error_on_missing_interpreters = False

# SQLite and the layer in memory, also where the services are at hand.
EMBEDDED = {"DATABASE_URL": None, "REDIS_URL": None}


def sync(session: nox.Session, *groups: str) -> None:
    """Install the application and some dependency groups into the session's environment."""
    session.run_install(
        "uv",
        "sync",
        "--quiet",
        "--no-default-groups",
        *(f"--group={group}" for group in groups),
        f"--python={session.virtualenv.location}",
        env={"UV_PROJECT_ENVIRONMENT": session.virtualenv.location},
    )


@nox.session
def lint(session: nox.Session) -> None:
    """Lint, and check the format."""
    sync(session, "lint")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Check the types."""
    sync(session, "types")
    session.run("mypy", ".")


@nox.session
@nox.parametrize(
    ("python", "django"),
    [("3.11", "5.2"), ("3.12", "6.0"), ("3.13", "5.2")],
)
def tests(session: nox.Session, django: str) -> None:
    """Run the suite in random order on two processes, on one Python with one Django."""
    sync(session, "test", "live")
    session.install("--quiet", f"Django~={django}.0")
    session.run("pytest", "-n", "2", *session.posargs, env=EMBEDDED)
    session.run("pytest", "-m", "many", *session.posargs, env=EMBEDDED)


@nox.session(python="3.14")
@nox.parametrize("django", ["6.1", "main"])
def newest(session: nox.Session, django: str) -> None:
    """Run it on the newest Python, also with what Django will be next."""
    main = "https://github.com/django/django/archive/refs/heads/main.tar.gz"
    sync(session, "test", "live")
    session.install("--quiet", main if django == "main" else f"Django~={django}.0")
    session.run("pytest", "-n", "2", *session.posargs, env=EMBEDDED)


@nox.session(python="3.13")
def coverage(session: nox.Session) -> None:
    """Run it on the latest Django, and fail if a line or a branch of any module was not run.

    Python 3.11 does not trace on in a coroutine whose await ends with an exception further in.
    """
    sync(session, "test", "live")
    session.run("pytest", "-n", "2", "--cov", *session.posargs, env=EMBEDDED)


@nox.session
def services(session: nox.Session) -> None:
    """Run the same suite on PostgreSQL and Redis: DATABASE_URL and REDIS_URL say where."""
    require_services(session)
    sync(session, "test", "live")
    session.run("pytest", "-n", "2", *session.posargs)


@nox.session
def live(session: nox.Session) -> None:
    """Run the tests with real servers; with DATABASE_URL and REDIS_URL, the faults as well."""
    sync(session, "test", "live")
    session.run("pytest", "-n", "2", "-m", "live", *session.posargs)


@nox.session
def browser(session: nox.Session) -> None:
    """Run the tests in a real browser: the system's Chromium."""
    sync(session, "test", "live", "browser")
    session.run("pytest", "-m", "browser", "tests/live/browser", *session.posargs)


@nox.session(python=["3.11", "3.13"])
def abroad(session: nox.Session) -> None:
    """Copy each pattern into new projects, follow its plan there by machine, and run it."""
    sync(session, "test", "live")
    session.run("pytest", "-n", "2", "-m", "abroad", "tests/abroad", *session.posargs)


@nox.session
def fuzz(session: nox.Session) -> None:
    """Send the API what its description allows, and what it does not."""
    sync(session, "test", "live", "fuzz")
    session.run("pytest", "-m", "fuzz", "tests/live/fuzz", *session.posargs)


@nox.session
def repeat(session: nox.Session) -> None:
    """Run the suite twenty times in random order: no flaky test, no leaked row."""
    sync(session, "test", "live")
    for seed in range(1, 21):
        session.run("pytest", "-q", "-n", "2", f"--randomly-seed={seed}")


@nox.session
def mutants(session: nox.Session) -> None:
    """Break the code in many small ways: which of them does no test notice?"""
    sync(session, "test", "live")
    session.run("python", "-m", "benchmarks.mutants", *session.posargs, env=EMBEDDED)


def require_services(session: nox.Session) -> None:
    """Stop with words to act on where there are no services."""
    for name in ("DATABASE_URL", "REDIS_URL"):
        if name not in os.environ:
            session.error(f"Set {name}; compose.yaml and .env.example say how.")
