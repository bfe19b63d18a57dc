"""Which programs make up 问补 on one machine, with the addresses and the secret that they share."""

import secrets
import sys
from pathlib import Path

from api.cli.supervisor import Service
from api.cli.train import BOT_PYTHON, QUIET
from api.settings import Settings


def rasa_token(settings: Settings) -> str:
    """What the gateway shows to Rasa: the one that was set, or a new one for this run."""
    return settings.rasa_token or secrets.token_urlsafe(32)


def services(settings: Settings, root: Path, token: str) -> list[Service]:
    """The services to start here. One that is set to run elsewhere (WENBU_RASA_URL, WENBU_ACTIONS_URL) is left out."""
    shared = {
        "PYTHONUNBUFFERED": "1",
        "WENBU_PORT": str(settings.port),
        "WENBU_RASA_PORT": str(settings.rasa_port),
        "WENBU_ACTIONS_PORT": str(settings.actions_port),
        "WENBU_RASA_TOKEN": token,
    }
    result = []
    if settings.actions_url is None:
        result.append(Service(
            "动作服务", [sys.executable, "-m", "actions"], f"{settings.actions}/health", root, shared))
    if settings.rasa_url is None:
        # the gateway knows the action server by its base address, Rasa by the path that it calls
        own = {"WENBU_ACTIONS_URL": f"{settings.actions}/webhook", "WENBU_BOT_STATE": str(settings.data_dir / "bot.sqlite")}
        result.append(Service(
            "对话引擎 Rasa", [str(root / BOT_PYTHON), "-m", "bot.serve"], f"{settings.rasa}/", root, shared | QUIET | own))
    result.append(Service(
        "网关",
        [sys.executable, "-m", "uvicorn", "api.main:app", "--host", settings.host, "--port", str(settings.port),
         "--no-access-log", "--log-level", "warning", "--timeout-graceful-shutdown", "5"],
        # says yes only when Rasa, the action server, the database and the knowledge base all do
        f"{address(settings)}/readyz", root, shared))
    return result


def address(settings: Settings) -> str:
    """Where a browser on this machine finds the gateway."""
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}
    host = everywhere.get(settings.host, f"[{settings.host}]" if ":" in settings.host else settings.host)
    return f"http://{host}:{settings.port}"
