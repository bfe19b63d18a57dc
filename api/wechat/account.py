"""The official account, wired."""

from collections.abc import Mapping

import httpx
import structlog

import policies_kb
from api.bot_client import BotClient
from api.metrics import Metrics
from api.services.chat import ChatService
from api.services.outbound import Outbound
from api.store.base import Database
from api.store.conversations import WECHAT
from api.wechat import jobs, jobs_redis
from api.wechat.access_token import AccessToken
from api.wechat.client import WechatApi
from api.wechat.delivery import Delivery
from api.wechat.gate import Gate, Refused
from api.wechat.incoming import Incoming
from api.wechat.leaving import Leaving
from api.wechat.metrics import WechatMetrics
from api.wechat.sending import Sending
from api.wechat.settings import WechatSettings, read_settings
from api.wechat.talk import Talk

log = structlog.get_logger()


class Account:
    """What the route needs of the account: two requests of the platform, two answers."""

    def __init__(self, settings: WechatSettings, kb: policies_kb.KnowledgeBase, database: Database, chat: ChatService,
                 bot: BotClient, metrics: Metrics, outbound: Outbound, redis_url: str | None,
                 client: httpx.AsyncClient) -> None:
        self._client = client
        self._metrics = WechatMetrics(metrics.registry)
        # a captured request can be shown again for twice the window (its clock may be ahead by one)
        keep = 2 * settings.time_window
        self._jobs = jobs_redis.RedisJobs(redis_url, keep) if redis_url else jobs.MemoryJobs(keep)
        self._gate = Gate(settings, self._jobs)
        self._talk = Talk(kb, chat, database)
        self._leaving = Leaving(database, chat, bot)
        send = None
        if settings.custom_service:
            token = AccessToken(client, database, settings.api_base, settings.app_id, settings.app_secret)
            sending = Sending(WechatApi(client, token, settings.api_base), database, self._metrics)
            send = sending.send
            outbound.register(WECHAT, sending.deliver)
        self._delivery = Delivery(self._jobs, self._answer, send, database, self._metrics, settings.passive_seconds)

    def echo(self, query: Mapping[str, str]) -> str:
        """The answer to the platform's URL check. Errors: gate.Refused."""
        try:
            return self._gate.echo(query)
        except Refused as refused:
            self._note(refused)
            raise

    async def receive(self, query: Mapping[str, str], body: bytes) -> str:
        """The body of the answer to one message, within the passive seconds. Errors: gate.Refused."""
        try:
            letter = await self._gate.open(query, body)
        except Refused as refused:
            self._note(refused)
            raise
        return letter.wrap(await self._delivery.handle(letter.incoming))

    async def close(self) -> None:
        """Finish what is under way, give connections back."""
        await self._delivery.close()
        await self._jobs.close()
        await self._client.aclose()

    async def _answer(self, incoming: Incoming) -> jobs.Answer:
        if incoming.event == "unsubscribe":
            await self._leaving.forget(incoming.openid)
            await self._delivery.forget(incoming.openid)
            return jobs.Answer()
        return await self._talk.answer(incoming)

    def _note(self, refused: Refused) -> None:
        self._metrics.refused.labels(refused.reason).inc()
        log.warning("wechat_refused", status=refused.status, reason=refused.reason, detail=refused.detail or None)


def make(kb: policies_kb.KnowledgeBase, database: Database, chat: ChatService, bot: BotClient, metrics: Metrics,
         outbound: Outbound, redis_url: str | None, client: httpx.AsyncClient | None = None) -> Account | None:
    """The account that the environment describes, or None. Errors: WechatSettingsError.

    `client` speaks to the platform's API; tests give one with a function as network.
    """
    settings = read_settings()
    if not settings.configured:
        return None
    return Account(settings, kb, database, chat, bot, metrics, outbound, redis_url, client or httpx.AsyncClient())
