"""Paths for operators."""

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from api.deps import Numbers, Ready
from api.schemas.operations import Readiness

router = APIRouter(tags=["运行"])


@router.get("/healthz", summary="进程活着")
async def healthz() -> dict[str, str]:
    """不看别的部件。"""
    return {"status": "ok"}


@router.get("/readyz", summary="各部件都能用", responses={503: {"model": Readiness}})
async def readyz(readiness: Ready, response: Response) -> Readiness:
    """Rasa、动作服务、数据库(含迁移版本)、知识库各自的状态;有一个不行就是 503。"""
    state = await readiness.look()
    response.status_code = 200 if state.ready else 503
    return state


@router.get("/metrics", summary="Prometheus 指标", response_class=Response)
async def metrics(numbers: Numbers) -> Response:
    """文本格式。"""
    return Response(generate_latest(numbers.registry), media_type=CONTENT_TYPE_LATEST)
