"""Who may pass to the staff's paths: a live session, and for whatever changes something a request of our own page."""

from typing import Annotated

from fastapi import Depends, Request, Response

from api.cross_origin import own_origins
from api.deps import Config, Sessions
from api.errors import ApiError
from api.services.staff_sessions import Member
from api.settings import Settings

HEADER = "X-Wenbu-Staff"
_SAFE = {"GET", "HEAD"}


def _is_https(request: Request, settings: Settings) -> bool:
    return request.url.scheme == "https" or (settings.public_url or "").lower().startswith("https://")


def cookie_name(request: Request, settings: Settings) -> str:
    """On https a name that the browser accepts for this host alone; plain http (a trial on one machine) has no such."""
    return "__Host-wenbu_staff" if _is_https(request, settings) else "wenbu_staff"


def give_cookie(request: Request, settings: Settings, response: Response, token: str) -> None:
    """The session into the browser, out of reach of scripts and of other sites."""
    response.set_cookie(cookie_name(request, settings), token, path="/", httponly=True, samesite="strict",
                        secure=_is_https(request, settings))


def take_cookie(request: Request, settings: Settings, response: Response) -> None:
    """The session out of the browser."""
    response.delete_cookie(cookie_name(request, settings), path="/", httponly=True, samesite="strict",
                           secure=_is_https(request, settings))


async def own_page(request: Request, settings: Config) -> None:
    """For what changes something: asked by a script of our own origin. Errors: ApiError 403.

    Forms of other sites cannot set the header, their scripts would need a preflight that nobody answers; the cookie's
    SameSite is a second lock, the origin a third.
    """
    if request.method in _SAFE:
        return
    if request.headers.get(HEADER) != "1":
        raise ApiError(403, {"detail": f"缺少请求头 {HEADER}: 1"})
    origin = request.headers.get("origin")
    if origin is not None and origin.lower() not in own_origins(request.scope, settings):
        raise ApiError(403, {"detail": "不接受来自别的网站的请求"})


async def session_token(request: Request, settings: Config) -> str:
    """What the cookie holds; empty without one."""
    return request.cookies.get(cookie_name(request, settings), "")


async def signed_in(request: Request, sessions: Sessions, settings: Config,
                    token: Annotated[str, Depends(session_token)]) -> Member:
    """Who is signed in. Errors: ApiError 401, then 403 as `own_page`."""
    member = await sessions.member(token) if token else None
    if member is None:
        raise ApiError(401, {"detail": "请先登录(登录可能已过期)"})
    await own_page(request, settings)
    return member


Token = Annotated[str, Depends(session_token)]
SignedIn = Annotated[Member, Depends(signed_in)]
