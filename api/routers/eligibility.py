"""POST /api/v1/eligibility and its batch."""

from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request

from api.deps import KnowledgeBase, limit_rate
from api.exact_json import ExactJsonResponse
from api.schemas.eligibility import MAX_BATCH, EligibilityRequest, EligibilityResponse, Refusal
from api.services import eligibility

router = APIRouter(prefix="/api/v1", tags=["资格与金额"], dependencies=[Depends(limit_rate)])

_MAX_BATCH_BYTES = 5 * 1024 * 1024

# The body is read by us, not by FastAPI: its numbers must stay exact. So its shape is told here.
_SHAPE = EligibilityRequest.model_json_schema()
_ONE: dict[str, Any] = {"requestBody": {"required": True, "content": {"application/json": {"schema": _SHAPE}}}}
_MANY: dict[str, Any] = {"requestBody": {"required": True, "content": {"application/json": {
    "schema": {"type": "array", "items": _SHAPE, "minItems": 1, "maxItems": MAX_BATCH}}}}}


@router.post("/eligibility", summary="能不能领、领多少", openapi_extra=_ONE, response_class=ExactJsonResponse,
             responses={200: {"model": EligibilityResponse}, 422: {"model": Refusal}})
async def assess(request: Request, kb: KnowledgeBase,
                 benefit: Annotated[str | None, Query(description="只算这一项补贴")] = None) -> ExactJsonResponse:
    """没有给出的情况算作不知道,从不猜测;`missing` 和 `next_question` 说还差什么。"""
    return ExactJsonResponse(eligibility.assess_one(kb, await request.body(), benefit))


@router.post("/eligibility/batch", summary="一次测算多份", openapi_extra=_MANY, max_body_size=_MAX_BATCH_BYTES, response_class=ExactJsonResponse,
             responses={200: {"model": list[EligibilityResponse]}, 422: {"model": Refusal}})
async def assess_batch(request: Request, kb: KnowledgeBase) -> ExactJsonResponse:
    """正文是请求的数组,应答是同样次序的结果数组。有一份不对就全部退回,`loc` 的第一项是它的序号(从 0 起)。"""
    body = await request.body()
    # a thousand verdicts take a second of computing: the others' chats go on meanwhile
    return ExactJsonResponse(await to_thread.run_sync(eligibility.assess_batch, kb, body))
