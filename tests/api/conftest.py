"""A gateway in memory, with a function in the place of Rasa and the action server."""

import json
import shutil
from collections.abc import Callable

import httpx
import pytest

import policies_kb
from api.main import create_app
from api.settings import Settings
from api.store import migrate


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
