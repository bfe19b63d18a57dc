"""A stored message as the channels get it."""

from typing import Any

import policies_kb
from api.services import verdict_code
from api.store.messages import Message


def labelled(kb: policies_kb.KnowledgeBase, citation: dict[str, Any]) -> dict[str, Any]:
    """The citation with the name that its clause goes by (第九条, 附件5)."""
    document = kb.documents.get(citation.get("document", ""))
    clause = document.clauses.get(citation.get("clause", "")) if document else None
    return citation | {"label": clause.label if clause else citation.get("clause", "")}


def card(kb: policies_kb.KnowledgeBase, message: Message) -> dict[str, Any] | None:
    """The card with its citations labelled and its verdict code; a card of another form as it is."""
    found = message.card
    if found is None or not isinstance(found.get("results"), list):
        return found
    results = [result | {"citations": [labelled(kb, one) for one in result.get("citations", [])]}
               for result in found["results"]]
    return found | {"results": results} | ({"code": verdict_code.shown(message.code)} if message.code else {})


def view(kb: policies_kb.KnowledgeBase, message: Message, feedback: str | None = None) -> dict[str, Any]:
    """The message of the widget's and the staff's API."""
    return {
        "id": message.id or 0,
        "author": message.author,
        "text": message.text,
        "citations": [labelled(kb, one) for one in message.citations],
        "buttons": message.buttons,
        "multiple": bool(message.multiple),
        "card": card(kb, message),
        "feedback": feedback,
        "created_at": message.created_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }
