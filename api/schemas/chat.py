"""Shapes of the chat."""

import unicodedata
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

MAX_MESSAGE = 2000
MAX_SENDER = 128


def clean(value: str) -> str:
    """The text without control characters and outer space. Errors: ValueError when nothing is left."""
    # control characters say nothing, and PostgreSQL refuses NUL
    text = "".join(c for c in value if c in "\n\t" or unicodedata.category(c) != "Cc").strip()
    if not text:
        raise ValueError("不能为空")
    return text


class ChatRequest(BaseModel):
    """A person's message. Fields that we do not know are left alone, so that channels may send more."""

    model_config = ConfigDict(extra="ignore")

    sender: str = Field(max_length=MAX_SENDER, description="任意字符串,同一对话保持不变", examples=["web-5f2c"])
    message: str = Field(max_length=MAX_MESSAGE, description="一句话,或按钮的 payload", examples=["潼南残疾人能免费学吗"])
    client_id: str | None = Field(default=None, max_length=64, description="给这条消息起的名字:重发同一条时不变,就不会答两遍")

    @field_validator("sender", "message")
    @classmethod
    def _some_text(cls, value: str) -> str:
        return clean(value)


class Citation(BaseModel):
    """Where an answer stands."""

    model_config = ConfigDict(extra="allow")

    document: str = Field(examples=["tongnan-2019-80"])
    number: str = Field(examples=["潼南府办发〔2019〕80号"])
    clause: str = Field(examples=["九"])
    label: str = Field(description="这一条怎么称呼", examples=["第九条"])
    title: str | None = None


class Button(BaseModel):
    """A quick reply: show `title`, send `payload`."""

    title: str
    payload: str


class ChatMessage(BaseModel):
    """One message of the bot; `text` is complete without the other fields."""

    text: str
    citations: list[Citation] = []
    buttons: list[Button] = []
    card: dict[str, Any] | None = Field(
        default=None, description="测算结果,与 /api/v1/eligibility 的应答相同,外加查询码 code")


class ChatResponse(BaseModel):
    """The bot's answer."""

    messages: list[ChatMessage]
    conversation: str
    handoff: bool = Field(description="是否已转人工;转人工期间机器人不答话,messages 是工作人员的话,没有就是空的")
