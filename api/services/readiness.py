"""Whether everything that the gateway needs answers."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
from sqlalchemy.exc import SQLAlchemyError

import policies_kb
from api.schemas import operations
from api.store import migrate
from api.store.base import Database

_PATIENCE = 2.0


class Readiness:
    """Asks Rasa, the action server, the database and the knowledge base at once."""

    def __init__(self, client: httpx.AsyncClient, rasa: str, actions: str, database: Database,
                 kb: policies_kb.KnowledgeBase) -> None:
        self._client = client
        self._database = database
        self._kb = kb
        self._parts: dict[str, Callable[[], Awaitable[str]]] = {
            "rasa": lambda: self._get(f"{rasa}/"),
            "actions": lambda: self._get(f"{actions}/health"),
            "database": self._revision,
            "knowledge_base": self._knowledge_base,
        }

    async def look(self) -> operations.Readiness:
        """The state of each part, within about two seconds."""
        states = await asyncio.gather(*(self._state(part) for part in self._parts.values()))
        parts = dict(zip(self._parts, states, strict=True))
        return operations.Readiness(ready=all(part.state == "ok" for part in states), parts=parts)

    async def _state(self, part: Callable[[], Awaitable[str]]) -> operations.Part:
        try:
            async with asyncio.timeout(_PATIENCE):
                return operations.Part(state="ok", detail=await part())
        except TimeoutError:
            return operations.Part(state="failed", detail="没有应答")
        except httpx.HTTPStatusError as error:
            return operations.Part(state="failed", detail=f"应答 {error.response.status_code}")
        except httpx.HTTPError:
            return operations.Part(state="failed", detail="连不上")
        except (SQLAlchemyError, OSError) as error:
            return operations.Part(state="failed", detail=type(error).__name__)
        except LookupError as error:
            return operations.Part(state="failed", detail=str(error.args[0]))

    async def _get(self, url: str) -> str:
        response = await self._client.get(url, timeout=_PATIENCE)
        response.raise_for_status()
        return "应答正常"

    async def _revision(self) -> str:
        current, head = await migrate.current(self._database), migrate.head()
        if current != head:
            raise LookupError(f"数据库版本 {current or '空'},应为 {head}:先运行迁移")
        return f"版本 {current}"

    async def _knowledge_base(self) -> str:
        if not (self._kb.documents and self._kb.benefits):
            raise LookupError("知识库是空的")
        return self._kb.version
