"""Answers from the knowledge base alone, for as long as Rasa is away."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import structlog

import policies_kb
from api.bot_client import BotMessage

log = structlog.get_logger()

CHECK_PAYLOAD = "/start_check"
CHECK_AWAY = "资格测算眼下用不了，请过一会儿再试。政策问题可以接着问我。"
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
    buttons = [dict(button) for button in reply.buttons if not _starts_check(button.get("payload", ""))]
    message = BotMessage(reply.text, [dict(citation) for citation in reply.citations], buttons)
    return message, memory.to_dict(), reply.status


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
