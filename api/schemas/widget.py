"""Shapes of the widget's API."""

import unicodedata
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from api.schemas.chat import MAX_MESSAGE, Button, Citation, clean
from api.services.widget_settings import REASONS

MAX_CLIENT_ID = 64
MAX_COMMENT = 500


class Says(BaseModel):
    """A person's message."""

    model_config = ConfigDict(extra="ignore")

    client_id: str = Field(max_length=MAX_CLIENT_ID, description="客户端为这条消息起的名字;重发同一条时不变")
    text: str = Field(max_length=MAX_MESSAGE, description="一句话,或按钮的 payload")
    shown: str | None = Field(default=None, max_length=MAX_MESSAGE, description="按钮上的字;给人看的是它")

    @field_validator("client_id", "text")
    @classmethod
    def _some_text(cls, value: str) -> str:
        return clean(value)

    @field_validator("shown")
    @classmethod
    def _maybe_text(cls, value: str | None) -> str | None:
        return None if value is None else clean(value)


class Step(BaseModel):
    """转人工, or back to the bot. A `client_id` makes it safe to send again."""

    model_config = ConfigDict(extra="ignore")

    client_id: str | None = Field(default=None, max_length=MAX_CLIENT_ID)


class Thumb(BaseModel):
    """What the person thinks of an answer."""

    model_config = ConfigDict(extra="ignore")

    value: Literal["up", "down"]
    reason: str | None = Field(default=None, description="、".join(REASONS))
    comment: str | None = Field(default=None, max_length=MAX_COMMENT)

    @field_validator("value", mode="before")
    @classmethod
    def _known_value(cls, value: Any) -> Any:
        if value not in ("up", "down"):
            raise ValueError("value 只能是 up 或 down")
        return value

    @field_validator("reason")
    @classmethod
    def _known_reason(cls, value: str | None) -> str | None:
        if value is not None and value not in REASONS:
            raise ValueError(f"reason 只能是 {'、'.join(REASONS)}")
        return value

    @field_validator("comment")
    @classmethod
    def _maybe_text(cls, value: str | None) -> str | None:
        plain = "".join(c for c in value or "" if c in "\n\t" or unicodedata.category(c) != "Cc").strip()
        return plain or None


class Message(BaseModel):
    """One message of the conversation."""

    id: int = Field(description="编号,越后越大;没能存下时是 0")
    author: Literal["person", "bot", "staff", "system"]
    text: str
    citations: list[Citation] = []
    buttons: list[Button] = []
    multiple: bool = Field(default=False, description="按钮可以选几个")
    card: dict[str, Any] | None = Field(default=None, description="测算结果,外加查询码 code")
    feedback: Literal["up", "down"] | None = None
    created_at: str = Field(description="UTC", examples=["2026-11-20T08:00:00.000Z"])


class Case(BaseModel):
    """转人工到哪一步了。"""

    status: Literal["waiting", "claimed", "closed"]
    ahead: int = Field(description="前面还有几位")
    text: str


class Exchange(BaseModel):
    """The person's message as stored, and what came back. A silent bot (staff have the case): no messages."""

    person: Message | None
    messages: list[Message]
    case: Case | None


class History(BaseModel):
    """Messages, oldest first."""

    messages: list[Message]
    case: Case | None


class Label(BaseModel):
    """A choice."""

    value: str
    label: str


class WidgetSettings(BaseModel):
    """What the widget shows at first."""

    title: str
    greeting: str
    examples: list[str]
    notice: str
    regions: list[str]
    feedback_reasons: list[Label]
