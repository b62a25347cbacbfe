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
@nox.parametrize(("python", "django"), [("3.11", "5.2"), ("3.13", "5.2"), ("3.13", "6.1")])
def tests(session: nox.Session, django: str) -> None:
    """Run the suite in random order on two processes, on one Python with one Django."""
    sync(session, "test", "live")
    session.install("--quiet", f"Django~={django}.0")
    session.run("pytest", "-n", "2", *session.posargs, env=EMBEDDED)


@nox.session
def coverage(session: nox.Session) -> None:
    """Run the suite and fail if a line or a branch of it, or of the applications, was not."""
    sync(session, "test", "live")
    session.run("pytest", "--cov", *session.posargs, env=EMBEDDED)


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


@nox.session
def repeat(session: nox.Session) -> None:
    """Run the suite twenty times in random order: no flaky test, no leaked row."""
    sync(session, "test", "live")
    for seed in range(1, 21):
        session.run("pytest", "-q", "-n", "2", f"--randomly-seed={seed}")


def require_services(session: nox.Session) -> None:
    """Stop with words to act on where there are no services."""
    for name in ("DATABASE_URL", "REDIS_URL"):
        if name not in os.environ:
            session.error(f"Set {name}; compose.yaml and .env.example say how.")
