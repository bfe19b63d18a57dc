"""Answers from the knowledge base alone, for as long as Rasa is away."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import structlog

import policies_kb
from api.bot_client import BotMessage
from api.store.cases import ASKED, MISSED

log = structlog.get_logger()

CHECK_PAYLOAD = "/start_check"
CHECK_AWAY = "资格测算眼下用不了，请过一会儿再试。政策问题可以接着问我。"
HANDED_OVER = "这个我还是没弄明白，给您转人工了。也可以打12333。"
# so many messages in a row not understood, and a person takes over
GIVES_UP = 2
NO_ANSWER = "抱歉，这一句我没能答上来。请换个说法再问，或拨打12333向当地人社部门咨询。"


def answer(kb: policies_kb.KnowledgeBase, text: str, context: dict[str, Any], missed: Iterable[str],
           as_of: date) -> tuple[BotMessage, dict[str, Any], str]:
    """(message, context to keep, status of the answer).

    `missed`: what the person wrote since the context was kept, while Rasa answered; it is heard first, so that
    a region named then still counts. Whatever goes wrong in here, the person gets a sentence.
    """
    try:
        memory = _memory(context)
        for earlier in missed:
            _, memory = policies_kb.answer(kb, earlier, memory, as_of=as_of)
        if wants_check(kb, text, memory):
            return BotMessage(CHECK_AWAY), memory.to_dict(), "check"
        reply, memory = policies_kb.answer(kb, text, memory, as_of=as_of)
    except Exception:
        # the last line of the chat: a fault in one answer must not reach the person as an error page
        log.exception("fallback_failed")
        return BotMessage(NO_ANSWER), context, "failed"
    missed_again = reply.status == "unknown" and memory.misses >= GIVES_UP
    if reply.handoff or missed_again:
        message = BotMessage(HANDED_OVER if missed_again else reply.text, handoff=True,
                             reason=MISSED if missed_again else ASKED, state=_state(memory))
        return message, memory.but(misses=0).to_dict(), reply.status
    buttons = [dict(button) for button in reply.buttons if not _starts_check(button.get("payload", ""))]
    message = BotMessage(reply.text, [dict(citation) for citation in reply.citations], buttons)
    return message, memory.to_dict(), reply.status


def state_of(context: dict[str, Any]) -> dict[str, Any]:
    """What a stored context tells about the person, for staff."""
    return _state(_memory(context))


def context_after(context: dict[str, Any], state: dict[str, Any]) -> dict[str, Any]:
    """The context to keep when a conversation was handed over in this state."""
    facts = state.get("facts")
    memory = _memory(context).but(misses=0, pending=None, region=state.get("region"),
                                  facts=facts if isinstance(facts, dict) else {})
    return memory.but(topics=(state["topic"],)).to_dict() if state.get("topic") else memory.to_dict()


def _state(memory: policies_kb.Context) -> dict[str, Any]:
    # no check: it runs in Rasa alone
    return {"region": memory.region, "facts": dict(memory.facts), "topic": memory.topic, "check": None}


def _memory(context: dict[str, Any]) -> policies_kb.Context:
    """What was kept; nothing where it was kept by an earlier version in another form."""
    try:
        return policies_kb.Context.from_dict(context) if context else policies_kb.Context()
    except (LookupError, TypeError, ValueError, AttributeError):
        return policies_kb.Context()


def wants_check(kb: policies_kb.KnowledgeBase, text: str, memory: policies_kb.Context) -> bool:
    """Whether the person asks for the eligibility check, by button or in words."""
    return _starts_check(text) or policies_kb.read(kb, text, memory).control == "start_check"


def _starts_check(payload: str) -> bool:
    return payload.startswith(CHECK_PAYLOAD)
