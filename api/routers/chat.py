"""POST /api/v1/chat."""

from fastapi import APIRouter, Depends

from api.deps import Chat, KnowledgeBase, limit_rate
from api.schemas.chat import ChatMessage, ChatRequest, ChatResponse
from api.services.message_view import card, labelled

router = APIRouter(prefix="/api/v1", tags=["对话"], dependencies=[Depends(limit_rate)])


@router.post("/chat", summary="说一句,得到回答")
async def chat(request: ChatRequest, service: Chat, kb: KnowledgeBase) -> ChatResponse:
    """同一 `sender` 的消息按先后处理。机器人不在时由知识库直接回答;转人工期间机器人不答话。"""
    turn = await service.turn(request.sender, request.message, client_id=request.client_id)
    return ChatResponse(
        messages=[ChatMessage(text=message.text, citations=[labelled(kb, one) for one in message.citations],
                              buttons=message.buttons, card=card(kb, message)) for message in turn.messages],
        conversation=turn.conversation,
        handoff=turn.handoff)
