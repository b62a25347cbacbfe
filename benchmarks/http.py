"""Requests per second and latency, on every server and beside a sync twin.

Each server is one process. All of them run at once and are measured in turns, several rounds, so
that a noisy minute of the machine hits all alike; the table shows medians. The processor time of
a request is what other work on the machine changes least. It takes ``wrk``
(Debian: ``apt-get install wrk``) and writes 20 people to the database at ``DATABASE_URL``.
"""

import asyncio
import contextlib
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

TUNED = "myproject.asgi:application"
SERVERS = {
    "gunicorn gthread, sync twin": (
        "gunicorn --worker-class gthread --threads 4 --bind 127.0.0.1:{port} benchmarks.twin:wsgi",
        "benchmarks.twin_settings",
    ),
    "uvicorn, untuned": (
        "uvicorn --no-access-log --port {port} django.core.asgi:get_asgi_application --factory",
        "benchmarks.untuned_settings",
    ),
    "uvicorn": (f"uvicorn --no-access-log --port {{port}} {TUNED}", "myproject.settings"),
    "uvicorn, asyncio's loop": (
        f"uvicorn --loop asyncio --no-access-log --port {{port}} {TUNED}",
        "myproject.settings",
    ),
    "granian": (f"granian --interface asginl --port {{port}} {TUNED}", "myproject.settings"),
    "daphne": (f"daphne --verbosity 0 --port {{port}} {TUNED}", "myproject.settings"),
}
PATHS = ["/api/users/", "/api/external/"]
FIRST_PORT = 8700
ADD_PEOPLE = (
    "from users.models import User;"
    "User.objects.bulk_create([User(name=f'Person {n}', email=f'bench{n}@example.com')"
    " for n in range(20)], ignore_conflicts=True)"
)
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


async def upstream(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Be the outside API: answer every request on a connection at once."""
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
        while await reader.readuntil(b"\r\n\r\n"):
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                b'Content-Length: 12\r\n\r\n{"up": true}'
            )


async def serve_upstream(port: int) -> None:
    """Serve it for ever."""
    async with await asyncio.start_server(upstream, "127.0.0.1", port, backlog=1000) as server:
        await server.serve_forever()


@contextlib.contextmanager
def running(command: str, environment: dict[str, str], port: int) -> Iterator[int]:
    """Run a server; enter the block when it answers, with the id of its session."""
    process = subprocess.Popen(
        [sys.executable, "-m", *command.format(port=port).split()],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        for _ in range(200):
            with (
                contextlib.suppress(OSError),
                contextlib.closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection,
            ):
                connection.request("GET", PATHS[0])
                if connection.getresponse().status == 200:
                    break
            time.sleep(0.1)
        else:
            raise SystemExit(f"{command} does not serve {PATHS[0]}.")
        yield process.pid
    finally:
        # The whole group: some servers work in a child, which would live on.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def cpu_seconds(session: int) -> float:
    """Return the processor time that a server and its children have used so far."""
    ticks = 0
    for file in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # After the name in brackets: the fourth field is the session, 12 and 13 the times.
            fields = file.read_text().rpartition(")")[2].split()
            if int(fields[3]) == session:
                ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def measure(port: int, session: int, path: str, clients: int, seconds: int) -> tuple[float, ...]:
    """Return requests/s, median and 99th percentile in ms, CPU ms per request, and failures."""
    url = f"http://127.0.0.1:{port}{path}"
    before = cpu_seconds(session)
    output = subprocess.run(
        ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--latency", url],  # noqa: S607
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    cpu = cpu_seconds(session) - before
    requests = int(re.findall(r"(\d+) requests in", output)[0])
    rate = float(re.findall(r"Requests/sec:\s+([\d.]+)", output)[0])
    times = re.findall(r"(?:50|99)%\s+([\d.]+)(us|ms|s)", output)
    p50, p99 = (float(number) * UNITS[unit] for number, unit in times)
    failures = sum(map(int, re.findall(r"(?:Non-2xx or 3xx responses:|timeout) (\d+)", output)))
    return rate, p50, p99, 1000 * cpu / max(requests, 1), failures


def main() -> None:
    """Measure, and print the table."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=2, help="of each measurement")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 10, 100])
    parser.add_argument("--servers", nargs="+", choices=SERVERS, default=list(SERVERS))
    options = parser.parse_args()
    if not shutil.which("wrk"):
        raise SystemExit("This needs wrk (Debian: apt-get install wrk).")

    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
        os.environ |= {"DEBUG": "false", "SECRET_KEY": "benchmark", "ALLOWED_HOSTS": "127.0.0.1"}
        os.environ |= {"SECURE_SSL_REDIRECT": "false"}
        os.environ["EXTERNAL_API_URL"] = f"http://127.0.0.1:{FIRST_PORT - 1}/"
        for arguments in (["migrate", "--verbosity", "0"], ["shell", "-c", ADD_PEOPLE]):
            subprocess.run([sys.executable, "manage.py", *arguments], check=True)
        threading.Thread(
            target=lambda: asyncio.run(serve_upstream(FIRST_PORT - 1)), daemon=True
        ).start()
        ports = {name: FIRST_PORT + number for number, name in enumerate(options.servers)}
        sessions = {}
        for name, port in ports.items():
            command, settings = SERVERS[name]
            server = running(command, {"DJANGO_SETTINGS_MODULE": settings}, port)
            sessions[name] = stack.enter_context(server)

        results = defaultdict(list)
        for _ in range(options.rounds):
            for path in PATHS:
                for clients in options.clients:
                    for name, port in ports.items():
                        row = path, clients, name
                        results[row].append(
                            measure(port, sessions[name], path, clients, options.seconds)
                        )

    print("| path | clients | server | requests/s | p50 ms | p99 ms | CPU ms each | failures |")
    print("|---|--:|---|--:|--:|--:|--:|--:|")
    for row, measured in results.items():
        rate, *others, failures = (
            statistics.median(values) for values in zip(*measured, strict=True)
        )
        times = " | ".join(f"{value:.1f}" for value in others)
        print(f"| {' | '.join(map(str, row))} | {rate:,.0f} | {times} | {failures:.0f} |")


if __name__ == "__main__":
    main()
