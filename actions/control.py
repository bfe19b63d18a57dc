"""What is said to words that steer the dialogue or pass the time. The words themselves are the knowledge base's.

The classifier recognises more ways of saying thanks or hello than the knowledge base lists; the reply is that to the listed one.
"""

from __future__ import annotations

import policies_kb
from policies_kb import Context, KnowledgeBase, Reply

# Intents of Rasa that answer like a control word, or like a topic that is none of ours, of the knowledge base.
LIKE_CONTROL = {"bot_challenge": "help"}
LIKE_OUTSIDE = {"off_topic": "chitchat", "abuse": "abuse"}


def phrase_for(kb: KnowledgeBase, intent: str | None) -> str | None:
    """A wording that the knowledge base takes for this control, or None if the intent is no control."""
    control = LIKE_CONTROL.get(intent or "", intent)
    return next((item["phrases"][0] for item in kb.vocabulary["control"] if item["control"] == control), None)


def control_reply(kb: KnowledgeBase, intent: str, context: Context) -> tuple[Reply, Context]:
    """The reply to a control word or to small talk, and the context after it."""
    outside = next((item["reply"] for item in kb.vocabulary["outside"] if item["topic"] == LIKE_OUTSIDE.get(intent)), None)
    if outside is not None:
        return Reply(outside, status="outside"), context
    return policies_kb.answer(kb, phrase_for(kb, intent) or intent, context)
