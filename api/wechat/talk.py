"""What a follower sends or does → what they are told."""

import re
import unicodedata
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

import policies_kb
from api.services.chat import ChatService
from api.store import wechat_followers
from api.store.base import Database
from api.store.conversations import WECHAT
from api.wechat import wording
from api.wechat.choices import Choice, offer, pick
from api.wechat.cutting import cut
from api.wechat.incoming import Incoming
from api.wechat.jobs import Answer
from api.wechat.render import render
from api.wechat.text import clean

log = structlog.get_logger()

# as in the chat of the other channels (api/schemas/chat.py)
MAX_TEXT = 2000
SAY = "say:"
"""A menu entry with this before its key says the rest of the key for the person."""

_NEW_FOLLOWER = "qrscene_"
# the platform's old codes for its faces (/::) /:handclap); to Rasa a slash in front means something else
_FACES = re.compile(r"/:[!-~]{1,12}\s*")
_UNSUPPORTED = "【收到不支持的消息类型"


class Talk:
    """Answers incoming messages, one at a time for each follower (delivery.py sees to that)."""

    def __init__(self, kb: policies_kb.KnowledgeBase, chat: ChatService, database: Database) -> None:
        self._kb = kb
        self._chat = chat
        self._database = database
        self._kinds: dict[str, Callable[[Incoming], Awaitable[Answer]]] = {
            "text": self._text, "voice": self._voice, "location": self._location, "event": self._event}
        self._fixed = {"image": wording.PICTURE, "video": wording.VIDEO, "shortvideo": wording.VIDEO,
                       "link": wording.LINK}

    async def answer(self, incoming: Incoming) -> Answer:
        """What the follower is told; an empty answer where there is nothing to say."""
        if incoming.kind in self._fixed:
            return Answer(self._fixed[incoming.kind])
        kind = self._kinds.get(incoming.kind)
        return await kind(incoming) if kind else Answer(wording.OTHER)

    async def _text(self, incoming: Incoming) -> Answer:
        text = _plain(incoming.content)
        if text.startswith(_UNSUPPORTED):
            return Answer(wording.OTHER)
        without_faces = _FACES.sub("", text).strip() if text.startswith("/:") else text
        return await self._say(incoming, without_faces) if without_faces else Answer(wording.STICKER)

    async def _voice(self, incoming: Incoming) -> Answer:
        # what is recognised always ends in a full stop
        text = _plain(incoming.recognition).rstrip("。.")
        return await self._say(incoming, text) if text else Answer(wording.VOICE)

    async def _location(self, incoming: Incoming) -> Answer:
        # the city, never the street: nothing finer is looked at, sent on or stored
        label = clean(incoming.label)
        for region in self._kb.regions.values():
            if region.name in label or region.short_name in label:
                return await self._say(incoming, region.short_name)
        return Answer(wording.LOCATION.format(example=self._example()))

    async def _event(self, incoming: Incoming) -> Answer:
        key = clean(incoming.event_key)
        if incoming.event == "subscribe":
            return await self._subscribed(incoming, key.removeprefix(_NEW_FOLLOWER)[:64] or None)
        if incoming.event == "scan":
            await self._note(wechat_followers.scan, incoming.openid, key[:64])
            return await self._greeting(incoming)
        if incoming.event == "click":
            said = key.removeprefix(SAY).strip() if key.startswith(SAY) else ""
            return await self._say(incoming, said) if said else Answer(wording.MENU)
        # a page opened, a position reported, a broadcast finished: nobody waits for a word
        return Answer()

    async def _subscribed(self, incoming: Incoming, scene: str | None) -> Answer:
        await self._note(wechat_followers.subscribe, incoming.openid, scene)
        log.info("wechat_subscribed", scene=scene)
        return await self._greeting(incoming)

    async def _greeting(self, incoming: Incoming) -> Answer:
        places = "、".join(region.short_name for region in self._kb.regions.values())
        text = wording.GREETING.format(places=places, example=self._example())
        whole, choices = offer(text, [{"title": one.title, "payload": one.payload} for one in wording.START])
        return Answer(await self._keep(incoming.openid, None, whole, choices))

    async def _say(self, incoming: Incoming, text: str) -> Answer:
        """The person's words (or the choice that a number means) to the bot; or the next piece of a long answer."""
        choices, remainder = await self._offered(incoming.openid)
        if remainder and _is_more(text):
            return Answer(await self._keep(incoming.openid, None, remainder, choices))
        text = text[:MAX_TEXT]
        said, shown = pick(text, choices) or (text, None)
        turn = await self._chat.turn(f"{WECHAT}:{incoming.openid}", said, channel=WECHAT, client_id=incoming.client_id,
                                     shown=shown)
        whole, choices = render(turn.messages)
        ids = tuple(message.id for message in turn.messages if message.id)
        # a conversation that could not be stored is nothing to be linked to
        conversation = turn.conversation if turn.person_id else None
        return Answer(await self._keep(incoming.openid, conversation, whole, choices), ids)

    async def _offered(self, openid: str) -> tuple[list[Choice], str]:
        try:
            async with self._database.session() as session:
                choices, remainder = await wechat_followers.offered(session, openid)
                return _read_choices(choices), remainder
        except (SQLAlchemyError, OSError):
            log.exception("wechat_store_failed")
            return [], ""

    async def _keep(self, openid: str, conversation: str | None, whole: str, choices: list[Choice]) -> str:
        """The first piece of the text; the rest and the choices are kept for the follower's next message."""
        piece, rest = cut(whole)
        kept = [asdict(choice) for choice in choices]
        try:
            async with self._database.session() as session:
                await wechat_followers.keep(session, openid, conversation_id=conversation, choices=kept, remainder=rest)
        except (SQLAlchemyError, OSError):
            log.exception("wechat_store_failed")
        return piece

    async def _note(self, write: Callable[..., Awaitable[None]], *what: Any) -> None:
        try:
            async with self._database.session() as session:
                await write(session, *what)
        except (SQLAlchemyError, OSError):
            log.exception("wechat_store_failed")

    def _example(self) -> str:
        return next(iter(self._kb.regions.values())).short_name


def _plain(text: str) -> str:
    return clean(text).strip()


def _is_more(text: str) -> bool:
    """Whether the person asks for the rest: 详细, with whatever quotation marks and full stops they copied along."""
    plain = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c)[0] not in "PZSC")
    return plain in wording.MORE


def _read_choices(stored: list[Any]) -> list[Choice]:
    """What was kept; nothing where an earlier version kept it in another form."""
    try:
        return [Choice(**one) for one in stored]
    except TypeError:
        return []
