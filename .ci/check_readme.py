"""Run the README's first command in a clean clone, and look at what comes out.

The second, which runs the tests, is what `.ci/run` begins with.
"""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from websockets.sync.client import connect

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
ADDRESS = "127.0.0.1:8000"
SECONDS_TO_START = 120


def main() -> None:
    """Run the demo as the README says; raise at the first thing that is not as promised."""
    demo, tests = re.findall(r"^ +(pip install uv && uv run [^#\n]+)", README, re.MULTILINE)
    assert f"\n{tests.strip()}\n" in (ROOT / ".ci/run").read_text(), "CI runs something else."
    # Nothing of the surroundings may help: none of the settings' variables, no environment.
    ours = set(re.findall(r"^#?(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    ours |= {"VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT", "DJANGO_SETTINGS_MODULE"}
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    # In a shell's background SIGINT is ignored, and what is started inherits that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with tempfile.TemporaryDirectory() as clone:
        subprocess.run(["git", "clone", "-q", str(ROOT), clone], check=True)
        server = subprocess.Popen(
            demo, shell=True, cwd=clone, env=environment, start_new_session=True
        )
        try:
            look_at_it()
        finally:
            os.killpg(server.pid, signal.SIGINT)
            server.wait(timeout=20)
    print("README: the demo does what it says.")


def look_at_it() -> None:
    """Visit what the demo prints."""
    assert "<html" in get("/", wait=True)
    assert json.loads(get("/api/users/"))["users"]
    assert json.loads(get("/api/external/"))["up"] is True
    with connect(f"ws://{ADDRESS}/ws/chat/lobby/", origin=f"http://{ADDRESS}") as socket:
        socket.send(json.dumps({"message": "Hello!"}))
        assert json.loads(socket.recv(timeout=5)) == {"message": "Hello!"}


def get(path: str, wait: bool = False) -> str:
    """Return a page; with ``wait``, allow the server the time to start."""
    deadline = time.monotonic() + (SECONDS_TO_START if wait else 0)
    while True:
        try:
            with urllib.request.urlopen(f"http://{ADDRESS}{path}", timeout=10) as response:
                return response.read().decode()
        except urllib.error.HTTPError:
            raise
        except urllib.error.URLError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


if __name__ == "__main__":
    sys.exit(main())
