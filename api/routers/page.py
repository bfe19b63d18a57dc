"""The chat page, and the readable form of the API's description."""

from fastapi import APIRouter
from fastapi.responses import FileResponse

from api.deps import Config
from api.errors import not_found

router = APIRouter(include_in_schema=False)

# by name, not the whole folder: sources and build files lie there as well
_FILES = ("chat.js", "chat.css", "docs.js", "docs.css")


@router.get("/")
async def chat_page(settings: Config) -> FileResponse:
    """The page with the chat."""
    return FileResponse(settings.web_dir / "index.html", headers={"Cache-Control": "no-cache"})


@router.get("/docs")
async def docs_page(settings: Config) -> FileResponse:
    """What /openapi.json says, to read. Our own page: the usual one loads its scripts from abroad."""
    return FileResponse(settings.web_dir / "docs.html", headers={"Cache-Control": "no-cache"})


@router.get("/static/{name}")
async def static_file(name: str, settings: Config) -> FileResponse:
    """Scripts and styles of the pages."""
    if name not in _FILES:
        raise not_found("文件", name, _FILES)
    return FileResponse(settings.web_dir / name, headers={"Cache-Control": "no-cache"})
