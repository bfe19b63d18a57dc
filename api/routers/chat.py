"""POST /api/v1/chat."""

from typing import Any

from fastapi import APIRouter, Depends

import policies_kb
from api.deps import Chat, KnowledgeBase, limit_rate
from api.schemas.chat import ChatMessage, ChatRequest, ChatResponse

router = APIRouter(prefix="/api/v1", tags=["对话"], dependencies=[Depends(limit_rate)])


@router.post("/chat", summary="说一句,得到回答")
async def chat(request: ChatRequest, service: Chat, kb: KnowledgeBase) -> ChatResponse:
    """同一 `sender` 的消息按先后处理。机器人不在时由知识库直接回答。"""
    turn = await service.turn(request.sender, request.message)
    return ChatResponse(
        messages=[ChatMessage(text=message.text, citations=[_labelled(kb, one) for one in message.citations],
                              buttons=message.buttons, card=_labelled_card(kb, message.card))
                  for message in turn.messages],
        conversation=turn.conversation,
        handoff=any(message.handoff for message in turn.messages))


def _labelled(kb: policies_kb.KnowledgeBase, citation: dict[str, Any]) -> dict[str, Any]:
    """The citation with the name that its clause goes by (第九条, 附件5)."""
    document = kb.documents.get(citation.get("document", ""))
    clause = document.clauses.get(citation.get("clause", "")) if document else None
    return citation | {"label": clause.label if clause else citation.get("clause", "")}


def _labelled_card(kb: policies_kb.KnowledgeBase, card: dict[str, Any] | None) -> dict[str, Any] | None:
    """The card with its citations labelled; a card of another form as it is."""
    if card is None or not isinstance(card.get("results"), list):
        return card
    return card | {"results": [
        result | {"citations": [_labelled(kb, one) for one in result.get("citations", [])]} for result in card["results"]]}
