"""What a caller hears when something is wrong: in Chinese, and always in one form.

422  {"detail": [{"loc": ["facts", "age"], "msg": "…", "fact": "age", "got": …, "allowed": …}]}
404  {"detail": "…", "available": [...]}
else {"detail": "…"}
"""

from collections.abc import Iterable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api.exact_json import ExactJsonResponse
from policies_kb import FactError

_MESSAGES = {
    "missing": "缺少 {field}",
    "extra_forbidden": "没有 {field} 这个字段",
    "string_type": "{field} 应是文字",
    "string_unicode": "{field} 里有不成字的编码",
    "string_too_short": "{field} 不能为空",
    "string_too_long": "{field} 最多 {max_length} 个字",
    "int_type": "{field} 应是整数",
    "int_parsing": "{field} 应是整数",
    "greater_than_equal": "{field} 不能小于 {ge}",
    "less_than_equal": "{field} 不能大于 {le}",
    "dict_type": "{field} 应是一个 JSON 对象",
    "model_type": "{field} 应是一个 JSON 对象",
    "model_attributes_type": "{field} 应是一个 JSON 对象",
    "list_type": "{field} 应是一个 JSON 数组",
    "json_invalid": "请求正文不是有效的 JSON",
}
_STATUS = {404: "没有这个地址", 405: "这个地址不接受这种请求方法"}


class ApiError(Exception):
    """An answer other than 200, with its body."""

    def __init__(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        super().__init__(body.get("detail"))
        self.status = status
        self.body = body
        self.headers = headers


def not_found(what: str, got: str, available: Iterable[str]) -> ApiError:
    """404 that says what there is instead."""
    names = list(available)
    return ApiError(404, {"detail": f"没有{what}“{got[:100]}”。现有:{'、'.join(names)}", "available": names})


def problem(loc: Iterable[str | int], msg: str, *, got: Any = None, allowed: Any = None) -> dict[str, Any]:
    """One entry of a 422's detail; `fact` is the last name of the place."""
    place = list(loc)
    return {"loc": place, "msg": msg, "fact": str(place[-1]) if place else "body", "got": got, "allowed": allowed}


def invalid(problems: list[dict[str, Any]]) -> ApiError:
    """422 with its entries."""
    return ApiError(422, {"detail": problems})


def fact_problem(error: FactError, at: Iterable[str | int] = ()) -> dict[str, Any]:
    """The entry for a fact that the knowledge base refuses; `at` is the place of the request (batch index)."""
    outside = {"region": ["region"], "benefit": ["query", "benefit"], "as_of": ["as_of"], "facts": ["facts"]}
    place = [*at, *outside.get(error.fact, ["facts", error.fact])]
    return problem(place, error.message, got=error.got, allowed=error.allowed) | {"fact": error.fact}


def validation_problems(errors: Iterable[dict[str, Any]], *, echo: bool) -> list[dict[str, Any]]:
    """pydantic's errors as ours. `echo`: whether the value may be sent back (never a person's message)."""
    return [_validation_problem(error, echo) for error in errors]


def _validation_problem(error: dict[str, Any], echo: bool) -> dict[str, Any]:
    place = [part for part in error["loc"] if part != "body"]
    field = str(place[-1]) if place else "请求正文"
    kind, context = error["type"], error.get("ctx", {})
    if kind == "json_invalid":
        place, field = [], "请求正文"
    if kind == "value_error":
        message = str(context["error"])
    else:
        message = _MESSAGES.get(kind, "{field} 的值不对").format(field=field, **context)
    got = error.get("input") if echo and kind != "missing" else None
    return problem(place, message, got=got)


def install(app: FastAPI) -> None:
    """Give the app these answers."""
    app.add_exception_handler(ApiError, _api_error)
    app.add_exception_handler(FactError, _fact_error)
    app.add_exception_handler(RequestValidationError, _request_error)
    app.add_exception_handler(HTTPException, _http_error)


async def _api_error(_: Request, error: ApiError) -> ExactJsonResponse:
    return ExactJsonResponse(error.body, error.status, headers=error.headers)


async def _fact_error(_: Request, error: FactError) -> ExactJsonResponse:
    return ExactJsonResponse({"detail": [fact_problem(error)]}, 422)


async def _request_error(_: Request, error: RequestValidationError) -> ExactJsonResponse:
    return ExactJsonResponse({"detail": validation_problems(error.errors(), echo=False)}, 422)


async def _http_error(_: Request, error: HTTPException) -> ExactJsonResponse:
    if error.status_code == 400:
        # a body that is no text at all; the framework raises this before it validates anything
        return ExactJsonResponse({"detail": [problem([], "请求正文不是有效的 JSON")]}, 422)
    detail = _STATUS.get(error.status_code, error.detail)
    return ExactJsonResponse({"detail": detail}, error.status_code, headers=error.headers)
