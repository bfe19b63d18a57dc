"""Asks services whether they are ready, until they are."""

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from api.cli.supervisor import Service

_POLL = 0.2
_PATIENCE = 5.0


async def wait_for(services: "Sequence[Service]", within: float, report: "Callable[[Service], None]") -> list[str]:
    """Wait until all services answer 2xx, telling `report` of each. After `within` seconds: what is still missing."""
    last_words: dict[str, str] = {service.name: "没有应答" for service in services}
    async with httpx.AsyncClient(timeout=_PATIENCE, trust_env=False) as client:

        async def wait_for_one(service: "Service") -> None:
            while words := await _ask(client, service.ready_url):
                last_words[service.name] = words
                await asyncio.sleep(_POLL)
            del last_words[service.name]
            report(service)

        try:
            async with asyncio.timeout(within):
                await asyncio.gather(*(wait_for_one(service) for service in services))
        except TimeoutError:
            return [f"{name}:{words}" for name, words in last_words.items()]
    return []


async def _ask(client: httpx.AsyncClient, url: str) -> str:
    """Empty when ready, else what came instead."""
    try:
        response = await client.get(url)
    except httpx.HTTPError:
        return "没有应答"
    return "" if response.is_success else f"应答 {response.status_code} {response.text[:200]}"
