"""The pages of the web, the widget's script, and the readable form of the API's description."""

import gzip
import hashlib
from functools import lru_cache
from pathlib import Path

from fastapi import APIRouter, Request, Response

from api.deps import Config
from api.errors import ApiError, not_found

router = APIRouter(include_in_schema=False)

_PAGES = {"/": "index.html", "/embed": "embed.html", "/print": "print.html", "/docs": "docs.html"}
# by name, not the whole folder: sources and build files lie there as well
_FILES = {"page.css": "page.css", "embed.js": "embed.js", "docs.js": "docs.js", "docs.css": "docs.css",
          "print.js": "dist/print.js"}
_TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
# 说 needs the microphone; everywhere else it stays off
_PAGE_HEADERS = {"Permissions-Policy": "geolocation=(), camera=(), microphone=(self)"}
# other sites load it, also those that isolate themselves (Cross-Origin-Embedder-Policy)
_WIDGET_HEADERS = {"Cross-Origin-Resource-Policy": "cross-origin"}


async def _page(request: Request, settings: Config) -> Response:
    """One of the pages, by its path."""
    return _answer(request, settings.web_dir / _PAGES[request.url.path], _PAGE_HEADERS)


for path in _PAGES:
    router.add_api_route(path, _page, methods=["GET"])


@router.get("/widget.js")
async def widget(request: Request, settings: Config) -> Response:
    """The script that other sites embed."""
    return _answer(request, settings.web_dir / "dist" / "widget.js", _WIDGET_HEADERS)


@router.get("/widget.css")
async def widget_styles(request: Request, settings: Config) -> Response:
    """Its styles as a file: old browsers take none from a script."""
    return _answer(request, settings.web_dir / "dist" / "widget.css", _WIDGET_HEADERS)


@router.get("/static/{name}")
async def static_file(name: str, request: Request, settings: Config) -> Response:
    """Scripts and styles of the pages."""
    if name not in _FILES:
        raise not_found("文件", name, _FILES)
    return _answer(request, settings.web_dir / _FILES[name], {})


def _answer(request: Request, path: Path, headers: dict[str, str]) -> Response:
    """The file, or 304 where the browser has it already; compressed where the browser can read that."""
    try:
        about = path.stat()
    except FileNotFoundError:
        raise ApiError(503, {"detail": "页面的脚本还没有构建,请在服务器上运行 make web"}) from None
    tag, plain, small = _content(path, about.st_mtime_ns, about.st_size)
    headers = headers | {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    # a proxy that compresses marks the tag as weak; the list may name several
    known = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(small, headers=headers | {"Content-Encoding": "gzip"}, media_type=_TYPES[path.suffix])
    return Response(plain, headers=headers, media_type=_TYPES[path.suffix])


@lru_cache(maxsize=64)
def _content(path: Path, changed: int, size: int) -> tuple[str, bytes, bytes]:
    """Entity tag, content and compressed content; read anew when the file was changed."""
    plain = path.read_bytes()
    return f'"{hashlib.sha256(plain).hexdigest()[:32]}"', plain, gzip.compress(plain, 9)
