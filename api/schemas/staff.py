"""Shapes of the staff's API."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from api.schemas.chat import MAX_MESSAGE, clean
from api.schemas.widget import MAX_CLIENT_ID, Message

MAX_NAME = 64
MAX_PASSWORD = 200


class SignIn(BaseModel):
    """Name and password."""

    model_config = ConfigDict(extra="ignore")

    name: str = Field(max_length=MAX_NAME)
    password: str = Field(max_length=MAX_PASSWORD)


class Me(BaseModel):
    """Who is signed in."""

    name: str


class Answer(BaseModel):
    """What staff say to the person."""

    model_config = ConfigDict(extra="ignore")

    text: str = Field(max_length=MAX_MESSAGE)
    client_id: str = Field(max_length=MAX_CLIENT_ID, description="为这条消息起的名字;重发同一条时不变")

    @field_validator("text", "client_id")
    @classmethod
    def _some_text(cls, value: str) -> str:
        return clean(value)


class Typing(BaseModel):
    """Whether somebody is writing."""

    on: bool


class Excerpt(BaseModel):
    """The beginning of the last message."""

    author: Literal["person", "bot", "staff", "system"]
    text: str
    created_at: datetime


class CaseSummary(BaseModel):
    """One case in the list."""

    id: int
    conversation: str
    channel: Literal["web", "wechat", "api"]
    reason: Literal["asked", "missed", "button"] = Field(description="本人要求、两次没听懂、按了按钮")
    status: Literal["waiting", "claimed", "closed"]
    opened_at: datetime
    claimed_at: datetime | None
    closed_at: datetime | None
    claimed_by: str | None = Field(description="谁接的")
    closed_how: Literal["closed", "handed_back", "by_person"] | None
    waiting_seconds: int = Field(description="从打开到有人接(或结束、或现在)的秒数")
    last_message: Excerpt | None


class CaseDetail(CaseSummary):
    """One case with all that belongs to it."""

    state: dict[str, Any] = Field(description="转人工时已知的情况:region、facts、topic、check")
    messages: list[Message] = Field(description="最近 200 条,先说的在前")


class CaseList(BaseModel):
    """Cases; open ones oldest first, closed ones newest first."""

    cases: list[CaseSummary]


class VerdictView(BaseModel):
    """A finished check, exactly as it was told."""

    code: str = Field(examples=["F9P4-2QXH"])
    region: str
    as_of: date
    facts: dict[str, Any]
    result: dict[str, Any] = Field(description="当时说给本人的测算结果,形式同 /api/v1/eligibility 的应答")
    kb_version: str
    created_at: datetime
