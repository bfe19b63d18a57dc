"""A gateway in memory, with a function in the place of Rasa and the action server."""

import asyncio
import json
import shutil
from collections.abc import Callable

import httpx
import pytest
import uvicorn

import policies_kb
from api.main import create_app
from api.settings import Settings
from api.store import migrate
from tests.ports import free_ports


class FakeNeighbours:
    """What Rasa and the action server answer; `heard` is what Rasa was sent. By default nobody is there."""

    def __init__(self):
        self.heard = []
        self.rasa: Callable | None = None
        self.actions_up = False

    def answer(self, *items):
        """From now on Rasa answers with these elements."""
        self.rasa = lambda request: httpx.Response(200, json=list(items))

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.port == 5055:
            if not self.actions_up:
                raise httpx.ConnectError("nobody there")
            return httpx.Response(200, json={"status": "ok"})
        if self.rasa is None:
            raise httpx.ConnectError("nobody there")
        if request.url.path == "/":
            return httpx.Response(200, text="Hello from Rasa")
        self.heard.append({"url": str(request.url), **json.loads(request.content)})
        answer = self.rasa(request)
        return await answer if hasattr(answer, "__await__") else answer


@pytest.fixture(scope="session")
def kb():
    """The real knowledge base."""
    return policies_kb.load_knowledge_base()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """An empty database in its newest form, to be copied."""
    path = tmp_path_factory.mktemp("database") / "empty.db"
    migrate.upgrade(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture
def settings(tmp_path, migrated):
    """Settings with a database of the test's own."""
    shutil.copy(migrated, tmp_path / "wenbu.db")
    return Settings(data_dir=tmp_path, secret_key="for tests only", rasa_port=5005, actions_port=5055, rasa_timeout=1)


@pytest.fixture
def neighbours():
    """Rasa and the action server as the test wants them."""
    return FakeNeighbours()


@pytest.fixture
async def app(settings, neighbours):
    """The running app."""
    app = create_app(settings, client=httpx.AsyncClient(transport=httpx.MockTransport(neighbours)))
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def client(app):
    """A caller."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://wenbu.test") as client:
        yield client


@pytest.fixture
def store(app):
    """A session on the app's database: `async with store() as session`."""
    return app.state.wenbu.database.session


@pytest.fixture
async def live(app):
    """The app's address on a real server: streams need one (the caller in memory waits for the end of an answer)."""
    (port,) = free_ports(1)
    # the app has begun already, in this loop
    server = uvicorn.Server(uvicorn.Config(app, port=port, lifespan="off", log_level="critical",
                                           timeout_graceful_shutdown=1))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    await task
