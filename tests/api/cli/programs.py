"""Small programs that stand in for services: each is a script for `python -c`."""

import os
import sys
import time
from pathlib import Path

from api.cli.supervisor import Policy, Service

# impatient, so that the tests are quick
QUICK = Policy(first_pause=0.05, longest_pause=0.1, immediate=5, deaths=3, ready_within=5, grace=3)

# answers 200 on every path; notes its process id in the file given, and a line for every start
SERVER = """
import http.server, os, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(int(sys.argv[3])); self.end_headers(); self.wfile.write(b'says this')
    def log_message(self, *_): pass
with open(sys.argv[2], 'a') as file: file.write(f'{os.getpid()}\\n')
http.server.ThreadingHTTPServer(('127.0.0.1', int(sys.argv[1])), Handler).serve_forever()
"""

# leaves a child behind that ignores polite signals, then goes on itself
WITH_STUBBORN_CHILD = """
import signal, subprocess, sys, time
child = subprocess.Popen([sys.executable, '-c', 'import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)'])
time.sleep(0.3)
open(sys.argv[1], 'a').write(f'{child.pid}\\n')
time.sleep(60)
"""


def server(name: str, port: int, notes: Path, status: int = 200) -> Service:
    """A service that answers on the port with this status."""
    return Service(name, [sys.executable, "-c", SERVER, str(port), str(notes), str(status)],
                   f"http://127.0.0.1:{port}/", notes.parent)


def script(name: str, code: str, *arguments: str, port: int = 9) -> Service:
    """A service that runs the code; it is ready only if something answers on the port (9: nobody does)."""
    return Service(name, [sys.executable, "-c", code, *arguments], f"http://127.0.0.1:{port}/", Path.cwd())


def pids(notes: Path) -> list[int]:
    """The process ids that were noted so far."""
    return [int(line) for line in notes.read_text().split()] if notes.exists() else []


def is_alive(pid: int) -> bool:
    """Whether the process still runs (one that only waits to be collected does not)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def wait_for(condition, within: float = 5.0) -> bool:
    """Whether the condition comes true within so many seconds."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return bool(condition())
