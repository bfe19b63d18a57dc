"""Settings of the gateway: read from `WENBU_…` environment variables, with defaults for one machine."""

import os
import secrets
from functools import cached_property
from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.services.office_hours import OfficeHours

PROJECT_ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Where the gateway finds its neighbours and how much it takes from one caller.

    Every field can be set as `WENBU_<NAME>`; the defaults need no set-up at all.
    """

    model_config = SettingsConfigDict(env_prefix="WENBU_", extra="ignore")

    host: str = "127.0.0.1"
    port: int = 8000
    log_level: str = "INFO"

    data_dir: Path = PROJECT_ROOT / "var"
    database_url: str | None = Field(
        default=None, description="SQLAlchemy URL (async driver); default: SQLite in data_dir"
    )

    rasa_port: int = 5005
    rasa_url: str | None = Field(default=None, description="default: loopback, rasa_port")
    rasa_token: str = ""
    rasa_timeout: float = Field(default=8.0, gt=0, description="seconds for one turn through Rasa")
    actions_port: int = 5055
    actions_url: str | None = Field(default=None, description="default: loopback, actions_port")

    rate_limit: str = Field(default="12000/minute", description="per IP, in the notation of `limits`")
    rate_limit_storage: str | None = Field(
        default=None, description="async+memory:// or async+redis://host:6379; default: redis_url, else memory"
    )
    conversation_limit: str = Field(default="60/minute", description="messages of one conversation of the widget")
    stream_limit: int = Field(default=5000, gt=0, description="open event streams of this process")
    redis_url: str | None = Field(
        default=None, description="redis://host:6379, where several gateways serve together; default: memory"
    )
    max_body_bytes: int = Field(default=64 * 1024, description="of every request but a batch")

    secret_key: str | None = Field(
        default=None, description="keys the hash of sender names; default: made once, kept in data_dir"
    )
    web_dir: Path = PROJECT_ROOT / "web"
    public_url: str | None = Field(
        default=None, description="https://… as people see it, where a proxy ends TLS without passing the scheme on"
    )
    office_hours: str = Field(
        default="1-5 09:00-12:00,14:00-17:30", description="when staff answer, Chinese time; days 1 (Monday) to 7"
    )

    @field_validator("office_hours")
    @classmethod
    def _are_office_hours(cls, value: str) -> str:
        OfficeHours(value)
        return value

    @property
    def limit_storage(self) -> str:
        """Where requests are counted."""
        if self.rate_limit_storage:
            return self.rate_limit_storage
        return f"async+{self.redis_url}" if self.redis_url else "async+memory://"

    @property
    def database(self) -> str:
        """The database URL in use, always with an async driver."""
        if self.database_url is None:
            return f"sqlite+aiosqlite:///{self.data_dir / 'wenbu.db'}"
        for plain, driver in (("sqlite://", "sqlite+aiosqlite://"),
                              ("postgresql://", "postgresql+psycopg://"),
                              ("postgres://", "postgresql+psycopg://")):
            if self.database_url.startswith(plain):
                return driver + self.database_url.removeprefix(plain)
        return self.database_url

    @property
    def rasa(self) -> str:
        """Base URL of Rasa, without a slash at the end."""
        return (self.rasa_url or f"http://127.0.0.1:{self.rasa_port}").rstrip("/")

    @property
    def actions(self) -> str:
        """Base URL of the action server, without a slash at the end."""
        return (self.actions_url or f"http://127.0.0.1:{self.actions_port}").rstrip("/")

    @cached_property
    def hash_key(self) -> bytes:
        """The key under which sender names are hashed.

        Without `WENBU_SECRET_KEY` a random one is written to data_dir once, readable by its owner only, so
        that a conversation is found again after a restart and no key is the same on two machines.
        """
        if self.secret_key:
            return self.secret_key.encode()
        path = self.data_dir / "secret-key"
        self.data_dir.mkdir(parents=True, exist_ok=True)
        try:
            with open(path, "x", opener=_private) as file:
                file.write(secrets.token_hex(32))
        except FileExistsError:
            pass
        return path.read_text().strip().encode()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
