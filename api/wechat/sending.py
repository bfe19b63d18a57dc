"""Custom-service messages: late answers, and what staff write."""

import structlog

from api.store import messages, wechat_followers
from api.store.base import Database
from api.store.conversations import Conversation
from api.wechat.client import ApiProblem, WechatApi
from api.wechat.cutting import cut
from api.wechat.metrics import WechatMetrics
from api.wechat.text import clean

log = structlog.get_logger()


class Sending:
    """Sends without being asked, for an account that may."""

    def __init__(self, api: WechatApi, database: Database, metrics: WechatMetrics) -> None:
        self._api = api
        self._database = database
        self._metrics = metrics

    async def send(self, openid: str, text: str) -> bool:
        """Whether the text went out. A quota that is used up (45015, 45047), a right that is missing, a platform that
        is away: the log and the metrics say so, and the caller keeps the message for later."""
        try:
            await self._api.send_text(openid, text)
        except ApiProblem as problem:
            self._metrics.send_errors.labels(str(problem.code)).inc()
            log.warning("wechat_send_failed", code=problem.code, reason=str(problem))
            return False
        return True

    async def deliver(self, conversation: Conversation, message: messages.Message) -> bool:
        """A message of staff to the follower of this conversation (for services/outbound.py)."""
        async with self._database.session() as session:
            follower = await wechat_followers.find_by_conversation(session, conversation.id)
        if follower is None:
            return False
        piece, rest = cut(clean(message.text))
        if not await self.send(follower.openid, piece):
            return False
        async with self._database.session() as session:
            # a number is from now on an answer to staff, no choice of the bot's
            await wechat_followers.keep(session, follower.openid, choices=[], remainder=rest, spoke=False)
        return True
