"""The process that `warm_pytest` forks from: run as a script, it imports once and forks for each.

Takes the names of the modules to import. Reads requests and writes exit codes, a line of JSON
each; ends when its input does.
"""

import gc
import importlib
import json
import os
import sys
from importlib import metadata

import pytest


def main() -> None:
    """Serve until nobody asks any more."""
    for module in sys.argv[1:]:
        importlib.import_module(module)
    # pytest looks through all that is installed, once for each plugin that a suite names.
    found = [d for d in metadata.distributions() if d.entry_points.select(group="pytest11")]
    metadata.distributions = lambda: found  # type: ignore[assignment]
    gc.freeze()  # what is imported lives as long as its forks: their collector can pass it over
    for line in sys.stdin:
        child = os.fork()
        if not child:
            os._exit(run(*json.loads(line)))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201 - this is the answer


def run(arguments: list[str], folder: str, environment: dict[str, str]) -> int:
    """Be a pytest that was started in a folder; leave its output in two files there."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.dont_write_bytecode = bool(environment.get("PYTHONDONTWRITEBYTECODE"))
    sys.path[:0] = [folder, *filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))]
    for number, name in [(0, os.devnull), (1, "stdout"), (2, "stderr")]:
        file = os.open(name, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(file, number)
    code = pytest.main(arguments)
    sys.stdout.flush()
    sys.stderr.flush()
    return int(code)


if __name__ == "__main__":
    del sys.path[0]  # this file's folder, which no started pytest would have
    main()
