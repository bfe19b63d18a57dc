"""``python -m bot.serve``: Rasa's server on the loopback address, one token-guarded channel, no HTTP API, with our start-up patch.

Environment: ``WENBU_RASA_TOKEN`` (needed), ``WENBU_RASA_PORT`` (5005), ``WENBU_ACTIONS_URL`` (http://127.0.0.1:5055/webhook),
``WENBU_BOT_STATE`` (file, var/bot.sqlite), ``WENBU_BOT_STATE_DAYS`` (7), ``WENBU_MODEL`` (models/wenbu.tar.gz).
"""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

from bot.quiet import hush

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
DEFAULTS = {
    "WENBU_RASA_PORT": "5005",
    "WENBU_ACTIONS_URL": "http://127.0.0.1:5055/webhook",
    "WENBU_BOT_STATE": "var/bot.sqlite",
    "WENBU_BOT_STATE_DAYS": "7",
    "WENBU_MODEL": "models/wenbu.tar.gz",
    # Worker threads for single sentences cost more than they bring.
    "OMP_NUM_THREADS": "1",
}


def serve() -> None:
    """Run the server until it is stopped. Exits with one clear line when something it needs is not there."""
    os.chdir(ROOT)
    hush()
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
    if not os.environ.get("WENBU_RASA_TOKEN"):
        sys.exit("Rasa 没有启动:请设置环境变量 WENBU_RASA_TOKEN(网关与 Rasa 之间的令牌)。")
    model = os.environ["WENBU_MODEL"]
    if not Path(model).is_file():
        sys.exit(f"Rasa 没有启动:没有模型 {model},请先训练(make train)。")

    from bot import startup_patch

    startup_patch.apply()

    import rasa.core.run
    import rasa.utils.log_utils
    from rasa.core.utils import AvailableEndpoints

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    rasa.utils.log_utils.configure_structlog(logging.WARNING)
    rasa.core.run.serve_application(
        model_path=model,
        interface=HOST,
        port=int(os.environ["WENBU_RASA_PORT"]),
        credentials="bot/credentials.yml",
        endpoints=AvailableEndpoints.read_endpoints("bot/endpoints.yml"),
        cors=None,
        enable_api=False,
        server_listeners=[(startup_patch.KeptSession.close_all, "after_server_stop")],
    )


if __name__ == "__main__":
    serve()
