"""Break the code in many small ways, and see which of them no test notices.

    uv run -m benchmarks.mutants                          # all; some minutes to an hour
    uv run -m benchmarks.mutants --sample 400 --seed 1    # a sample that can be repeated
    uv run -m benchmarks.mutants users chat/layer.py      # these modules only

Each mutant meets the tests at its module's mirrored path first, and the whole suite only if those
pass. Nothing in the checkout is touched: every worker has a copy, and a warm process to fork from.
Mutants that behave as the original, on SQLite and Django 5.2, are listed in
``equivalent_mutants.txt``, each with the reason.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue

from benchmarks.mutations import Mutant, mutants_of
from tests.plugins.warm_pytest import WARM, WarmPytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("users", "chat", "external", "talks", "myproject", "tests/plugins")
EQUIVALENT = Path(__file__).with_name("equivalent_mutants.txt")
IMPORTED = [
    *WARM,
    "anyio._backends._asyncio",
    "blockbuster",
    "daphne.server",
    "factory.django",
    "httpcore2",
    "httpx2",
    "pytest_mock",
    "redis.asyncio",
    "twisted.internet.asyncioreactor",
    "xdist.plugin",
]
PYTEST = ["-x", "-q", "--tb=no", "-p", "no:randomly", "-p", "no:cacheprovider"]
SECONDS = 20.0  # for a mutant, beyond three times what the tests take without one

FATES = KILLED, FAR, SURVIVED, EQUAL = "killed", "killed far off", "survived", "equivalent"


def modules(wanted: list[str]) -> list[str]:
    """Return the paths of the modules to break."""
    paths = [file.relative_to(ROOT).as_posix() for name in PACKAGES for file in python(ROOT / name)]
    chosen = tuple(wanted) or PACKAGES
    return [path for path in paths if path.startswith(chosen)]


def python(folder: Path) -> list[Path]:
    """Return the modules below a folder that are neither tests nor written by a tool."""
    return [
        file
        for file in sorted(folder.glob("**/*.py"))
        if not file.name.startswith("test_")
        and "migrations" not in file.parts
        and file.name not in {"__init__.py", "warm_process.py", "live_asgi_server.py"}
    ]


def mirrored(path: str) -> list[str]:
    """Return the test modules at a module's mirrored path, or else those of its folder."""
    folder, _, name = path.removesuffix(".py").rpartition("/")
    folder = folder if folder.startswith("tests/") else f"tests/{folder}"
    found = [
        file.relative_to(ROOT).as_posix()
        for pattern in (f"test_{name}.py", f"test_{name}_*.py")
        for file in sorted((ROOT / folder).glob(pattern))
    ]
    return found or sorted(f"{folder}/{file.name}" for file in (ROOT / folder).glob("test_*.py"))


class Worker:
    """A copy of the project, in which one mutant at a time is tested."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="mutants-"))
        listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
        files = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True)
        for path in filter(os.path.isfile, files.stdout.splitlines()):
            target = Path(self.folder, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / path, target)
        self.pytest = WarmPytest(IMPORTED)
        self.limits: dict[tuple[str, ...], float] = {}
        """The tests known to pass without a mutant, and how long they may take with one."""

    def passes(self, tests: list[str], seconds: float, *, mutated: bool = True) -> bool:
        """Run tests; one that takes too long, or that is not run, has not passed."""
        # A mutant's bytecode must not be there for the next one, written in the same second.
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1" if mutated else ""}
        try:
            code = self.pytest.ask([*PYTEST, *tests], self.folder, environment, seconds)
        except ChildProcessError:  # it took too long
            # A suite that hangs within it has a process group of its own.
            subprocess.run(["pkill", "-KILL", "-f", self.folder], check=False)  # noqa: S607
            return False
        return code == 0 and "no tests ran" not in read(self.folder / "stdout")

    def check(self, tests: list[str]) -> None:
        """Find out that tests pass as long as nothing is broken, and how long they take.

        Raises:
            SystemExit: They do not, and so would notice nothing.
        """
        start = time.monotonic()
        if not self.passes(tests, 60 * SECONDS, mutated=False):
            sys.exit(f"{' '.join(tests)} fails without a mutant: {self.folder}/stdout")
        self.limits[*tests] = SECONDS + 3 * (time.monotonic() - start)

    def judge(self, mutant: Mutant, everything: bool) -> str:
        """Return what became of a mutant."""
        stages = [mirrored(mutant.path), *([["tests"]] if everything else [])]
        for tests in stages:
            if (*tests,) not in self.limits:
                self.check(tests)
        file = Path(self.folder, mutant.path)
        original = file.read_text()
        file.write_text(mutant.text)
        try:
            for tests, fate in zip(stages, (KILLED, FAR), strict=False):
                if not self.passes(tests, self.limits[*tests]):
                    return fate
            return SURVIVED
        finally:
            file.write_text(original)

    def close(self) -> None:
        """End the process, and remove the copy."""
        self.pytest.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Score:
    """What became of the mutants, by module; prints each survivor as it is found."""

    def __init__(self, total: int, deadline: float) -> None:
        self.total, self.deadline = total, deadline
        self.fates: Counter[tuple[str, str]] = Counter()
        self.equivalent = {line.rsplit(" | ", 1)[0] for line in read(EQUIVALENT).splitlines()}

    def add(self, mutant: Mutant, fate: str) -> None:
        """Take a result."""
        if fate == SURVIVED and mutant.key in self.equivalent:
            fate = EQUAL
        self.fates[mutant.path, fate] += 1
        done = self.fates.total()
        if fate in {SURVIVED, FAR}:
            print(f"{fate}: {mutant.path}:{mutant.line}\n  {mutant.key}", flush=True)
        if not done % 50:
            print(f"... {done} of {self.total}", flush=True)

    def count(self, fate: str, path: str = "") -> int:
        """Return how many met this fate, in all or in one module or room."""
        inside = (path, f"{path}/") if path else ""
        return sum(n for (p, f), n in self.fates.items() if f == fate and p.startswith(inside))

    def print_tables(self) -> None:
        """Print the score of each module, and of each room and all."""
        heads = "".join(f"{fate:>16}" for fate in FATES)
        print(f"\n{'module':45}{heads}")
        for path in sorted({path for path, _ in self.fates}):
            print(f"{path:45}{self.counts(path)}")
        print(f"\n{'room':45}{heads}{'score':>10}")
        for room in (*PACKAGES, ""):
            dead = self.count(KILLED, room) + self.count(FAR, room)
            if total := dead + self.count(SURVIVED, room):
                print(f"{room or 'all':45}{self.counts(room)}{dead / total:10.1%}")

    def counts(self, path: str) -> str:
        """Return how many met each fate, in columns."""
        return "".join(f"{self.count(fate, path):16}" for fate in FATES)


def main() -> int:
    """Test the mutants, print the score, and fail if one survived that is not equivalent."""
    parser = argparse.ArgumentParser(description="Break the code, and see what no test notices.")
    parser.add_argument("paths", nargs="*", help="modules or folders; default: all")
    parser.add_argument("--sample", type=int, help="how many mutants, drawn at random")
    parser.add_argument("--seed", type=int, default=1, help="for the order; default: 1")
    parser.add_argument("--minutes", type=float, default=60, help="stop after; default: 60")
    parser.add_argument("--workers", type=int, default=2, help="default: 2")
    parser.add_argument("--mirrored-only", action="store_true", help="leave out the whole suite")
    options = parser.parse_args()
    deadline = time.monotonic() + 60 * options.minutes

    mutants = [m for path in modules(options.paths) for m in mutants_of(path, read(ROOT / path))]
    keys = {mutant.key for mutant in mutants}
    random.Random(options.seed).shuffle(mutants)  # noqa: S311 - a sample, no secret
    mutants = mutants[: options.sample]
    score = Score(len(mutants), deadline)
    workers: Queue[Worker] = Queue()

    def test(mutant: Mutant) -> None:
        if time.monotonic() < score.deadline:
            worker = workers.get()
            try:
                score.add(mutant, worker.judge(mutant, everything=not options.mirrored_only))
            finally:  # or the others would wait for it for ever
                workers.put(worker)

    for _ in range(options.workers):
        workers.put(Worker())
    try:
        with ThreadPoolExecutor(options.workers) as pool:
            list(pool.map(test, mutants))
    finally:  # also if somebody has had enough, or tests fail without a mutant
        while not workers.empty():
            workers.get().close()
        score.print_tables()
    if not options.paths:
        for key in sorted(score.equivalent - keys):
            print(f"no longer a mutant, take it out of {EQUIVALENT.name}: {key}")
    return int(score.count(SURVIVED) > 0)


def read(file: Path) -> str:
    """Return a file's text."""
    return file.read_text(encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
