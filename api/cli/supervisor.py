"""Keeps the services running: starts them together, restarts what dies, stops all of them as one.

Written here because the libraries for it either cannot restart (honcho) or bring a daemon with sockets and
configuration files of its own (circus, supervisor), where one asyncio task per service is all that is needed.
"""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from api.cli import processes, readiness


@dataclass(frozen=True)
class Service:
    """A program to keep running. `name` is what the operator reads; `ready_url` answers 2xx once it works."""

    name: str
    command: Sequence[str]
    ready_url: str
    cwd: Path
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Policy:
    """Patience, in seconds."""

    first_pause: float = 1.0
    longest_pause: float = 30.0
    # a service that died younger than this died at once; so many times in a row, and a restart will not help
    immediate: float = 20.0
    deaths: int = 4
    ready_within: float = 180.0
    grace: float = 10.0


class GaveUp(Exception):
    """A service cannot be kept running; the message says which and what to look at."""


class _Stopped(Exception):
    """Somebody asked us to stop."""


class Supervisor:
    """Runs services until it is told to stop or one of them is beyond help."""

    def __init__(self, services: Sequence[Service], say: Callable[[str], None], policy: Policy | None = None) -> None:
        self._services = services
        self._say = say
        self._policy = policy or Policy()
        self._stopping = asyncio.Event()
        self._running: dict[str, asyncio.subprocess.Process] = {}

    async def run(self, when_ready: Callable[[], None]) -> None:
        """Run all services; returns after `stop`, with every process gone. Errors: GaveUp, likewise."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self.stop)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._wait_for_stop())
                for service in self._services:
                    group.create_task(self._keep(service))
                group.create_task(self._wait_until_ready(when_ready))
        except* _Stopped:
            pass
        except* GaveUp as problems:
            raise problems.exceptions[0] from None

    def stop(self) -> None:
        """End everything; the second call in a row no longer waits for anybody."""
        if self._stopping.is_set():
            for process in self._running.values():
                processes.signal_group(process, signal.SIGKILL)
        self._stopping.set()

    async def _wait_for_stop(self) -> None:
        await self._stopping.wait()
        self._say("正在停止……")
        raise _Stopped

    async def _keep(self, service: Service) -> None:
        deaths = 0
        while True:
            started = time.monotonic()
            code = await self._run_once(service)
            young = time.monotonic() - started < self._policy.immediate
            deaths = deaths + 1 if young else 1
            if deaths >= self._policy.deaths:
                raise GaveUp(f"{service.name}连续 {deaths} 次一启动就退出(退出码 {code}),不再重启。请看上面它自己的输出。")
            pause = min(self._policy.first_pause * 2 ** (deaths - 1), self._policy.longest_pause)
            self._say(f"{service.name}退出了(退出码 {code}),{pause:g} 秒后重启。")
            await asyncio.sleep(pause)

    async def _run_once(self, service: Service) -> int | None:
        try:
            process = await processes.start(service.command, service.cwd, {**os.environ, **service.environment})
        except OSError as error:
            raise GaveUp(f"{service.name}启动不了:{error.strerror}({service.command[0]})。请先运行 make setup。") from None
        self._running[service.name] = process
        try:
            return await process.wait()
        finally:
            # also after a death of its own: a child that it left behind would still hold the port
            await processes.end_group(process, self._policy.grace)

    async def _wait_until_ready(self, when_ready: Callable[[], None]) -> None:
        started = time.monotonic()

        def report(service: Service) -> None:
            self._say(f"{service.name}就绪({time.monotonic() - started:.1f} 秒)")

        late = await readiness.wait_for(self._services, self._policy.ready_within, report)
        if late:
            raise GaveUp(f"等了 {self._policy.ready_within:g} 秒仍未就绪:{';'.join(late)}。请看上面的输出。")
        when_ready()
