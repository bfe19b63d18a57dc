"""JSON that keeps numbers exact: 0.1 arrives as Decimal("0.1") and leaves as 0.1."""

import json
from decimal import Decimal
from typing import Any

from starlette.responses import JSONResponse


class ExactJsonError(ValueError):
    """The text is no JSON that we take; `message` says why, in Chinese, `name` which field, where that is known."""

    def __init__(self, message: str, name: str = "body") -> None:
        super().__init__(message)
        self.message = message
        self.name = name


def parse(raw: bytes) -> Any:
    """Read JSON with every non-integer number as Decimal. Errors: ExactJsonError.

    A key that stands twice is refused (which of the two was meant?). NaN and Infinity, which are no JSON, come as
    the Decimals of these names, so that whoever knows the field can refuse them by its name.
    """
    try:
        return json.loads(raw.decode("utf-8"), parse_float=Decimal, parse_int=_integer,
                          parse_constant=Decimal, object_pairs_hook=_unique)
    except ExactJsonError:
        raise
    except UnicodeDecodeError:
        raise ExactJsonError("请求正文不是 UTF-8 编码") from None
    except RecursionError:
        raise ExactJsonError("JSON 嵌套太深") from None
    except ValueError as error:
        where = f"(第 {error.lineno} 行第 {error.colno} 列)" if isinstance(error, json.JSONDecodeError) else ""
        raise ExactJsonError(f"请求正文不是有效的 JSON{where}") from None


def dump(value: Any) -> bytes:
    """Write JSON; a Decimal becomes the number it is.

    A lone surrogate (it can come in as an escape) goes out as the same escape instead of failing.
    """
    text = json.dumps(value, ensure_ascii=False, default=_plain, separators=(",", ":"))
    return text.encode("utf-8", errors="backslashreplace")


class ExactJsonResponse(JSONResponse):
    """A response whose numbers go out exactly."""

    def render(self, content: Any) -> bytes:
        """The body."""
        return dump(content)


def _integer(text: str) -> int | Decimal:
    # int() refuses thousands of digits (they cost time without end); a Decimal of any length costs little
    return int(text) if len(text) < 100 else Decimal(text)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))
        raise ExactJsonError(f"“{twice[:100]}”写了两次", twice[:100])
    return result


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        if not value.is_finite() or abs(value) >= 2**53:
            return str(value)
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")
