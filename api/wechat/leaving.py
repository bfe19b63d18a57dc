"""Unsubscribed: everything of that person goes, here and in Rasa."""

import asyncio

import structlog
from sqlalchemy.exc import SQLAlchemyError

from api.bot_client import BotClient, BotUnavailable
from api.services.chat import ChatService
from api.store import wechat_followers
from api.store.base import Database
from api.store.conversations import WECHAT

log = structlog.get_logger()

# Rasa's own word for forgetting slots and history of a conversation
_RESTART = "/restart"
# seconds between the tries
_PAUSES = (0.5, 2.0, 10.0)


class Leaving:
    """Deletes followers."""

    def __init__(self, database: Database, chat: ChatService, bot: BotClient) -> None:
        self._database = database
        self._chat = chat
        self._bot = bot

    async def forget(self, openid: str) -> None:
        """Delete the conversation with its messages and cases, the follower, and what Rasa remembers.

        The platform tells it once, so a database that is away is asked again; in the end the log says what is left to do.
        """
        key = self._chat.key_of(f"{WECHAT}:{openid}", WECHAT)
        for pause in (*_PAUSES, None):
            try:
                async with self._database.session() as session:
                    conversation = await wechat_followers.forget(session, openid, key)
                break
            except (SQLAlchemyError, OSError):
                if pause is None:
                    log.exception("wechat_not_deleted", sender=key)
                    return
                await asyncio.sleep(pause)
        log.info("wechat_unsubscribed", sender=key[:16], known=conversation is not None)
        if conversation is not None:
            try:
                await self._bot.send(conversation, _RESTART)
            except BotUnavailable as error:
                # an empty answer is the right one to a restart; else Rasa drops the conversation by its own retention
                if error.reason != "empty":
                    log.warning("wechat_rasa_not_cleared", reason=error.reason)
