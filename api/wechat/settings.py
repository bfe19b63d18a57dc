"""Settings of the official account, read from `WENBU_WECHAT_…` environment variables; secrets come from nowhere else."""

import re
from typing import Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

API_BASE = "https://api.weixin.qq.com"


class WechatSettingsError(Exception):
    """A value in the environment will not do; the message (Chinese) names the variable and what is allowed."""


class WechatSettings(BaseSettings):
    """One official account. Without token and app id there is none, and /wechat says so."""

    model_config = SettingsConfigDict(env_prefix="WENBU_WECHAT_", extra="ignore", hide_input_in_errors=True)

    token: str = Field(default="", description="the Token of 服务器配置, 3–32 letters and digits")
    app_id: str = ""
    app_secret: str = ""
    aes_key: str = Field(default="", description="EncodingAESKey, 43 letters and digits")
    aes_key_previous: str = Field(default="", description="the key before the last change: messages under way still use it")
    mode: Literal["auto", "safe"] = Field(default="auto", description="safe: a message that is not encrypted is refused")
    custom_service: bool = Field(default=False, description="the account may send custom-service messages")
    api_base: str = API_BASE
    time_window: float = Field(default=300.0, gt=0, description="seconds that a signature's timestamp may be off")
    passive_seconds: float = Field(default=4.5, gt=0, lt=5, description="the platform hangs up after five")

    @field_validator("token")
    @classmethod
    def _token(cls, value: str) -> str:
        if value and not re.fullmatch(r"[A-Za-z0-9]{3,32}", value):
            raise ValueError("应是 3 到 32 个英文字母或数字")
        return value

    @field_validator("aes_key", "aes_key_previous")
    @classmethod
    def _aes_key(cls, value: str) -> str:
        if value and not re.fullmatch(r"[A-Za-z0-9]{43}", value):
            raise ValueError("应是 43 个英文字母或数字(公众号后台的 EncodingAESKey)")
        return value

    @field_validator("api_base")
    @classmethod
    def _api_base(cls, value: str) -> str:
        if not re.match(r"https?://", value):
            raise ValueError("应以 https:// 或 http:// 开头")
        return value.rstrip("/")

    @property
    def configured(self) -> bool:
        """Whether there is an account at all."""
        return bool(self.token and self.app_id)

    @property
    def aes_keys(self) -> list[str]:
        """The keys that a message may be encrypted with, the current one first."""
        return [key for key in (self.aes_key, self.aes_key_previous) if key]


def read_settings() -> WechatSettings:
    """The settings of the environment. Errors: WechatSettingsError."""
    try:
        settings = WechatSettings()
    except ValidationError as error:
        wrong = [f"WENBU_WECHAT_{str(each['loc'][0]).upper()} {_reason(each)}" for each in error.errors(include_input=False)]
        raise WechatSettingsError("公众号的环境变量不对:" + ";".join(wrong)) from None
    if settings.mode == "safe" and not settings.aes_keys:
        raise WechatSettingsError("公众号的环境变量不对:WENBU_WECHAT_MODE=safe 还要有 WENBU_WECHAT_AES_KEY")
    if settings.custom_service and not settings.app_secret:
        raise WechatSettingsError("公众号的环境变量不对:WENBU_WECHAT_CUSTOM_SERVICE 还要有 WENBU_WECHAT_APP_SECRET")
    return settings


def _reason(error: dict) -> str:
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    bounds = {"greater_than": "应大于 {gt}", "less_than": "应小于 {lt}", "literal_error": "只能是 {expected}",
              "bool_parsing": "应是 true 或 false"}
    return bounds.get(error["type"], "的值不对").format(**error.get("ctx", {}))
