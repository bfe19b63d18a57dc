"""Child processes with all that they start: each service leads a process group of its own, so none is left behind."""

import asyncio
import os
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path

_POLL = 0.05


async def start(command: Sequence[str], cwd: Path, environment: Mapping[str, str]) -> asyncio.subprocess.Process:
    """Start a command as the leader of a new group, with this terminal for its output and nothing to read."""
    return await asyncio.create_subprocess_exec(
        *command, cwd=cwd, env=environment, stdin=asyncio.subprocess.DEVNULL, start_new_session=True)


async def end_group(process: asyncio.subprocess.Process, grace: float) -> None:
    """End the process and everything in its group: politely first, by force after `grace` seconds."""
    if signal_group(process, signal.SIGTERM):
        deadline = asyncio.get_running_loop().time() + grace
        while signal_group(process, 0) and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(_POLL)
        signal_group(process, signal.SIGKILL)
    await process.wait()


def signal_group(process: asyncio.subprocess.Process, number: int) -> bool:
    """Send a signal to the whole group; False when nobody is left in it."""
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return False
    except PermissionError:
        # what macOS says of a group in which only zombies are left
        return False
    return True
