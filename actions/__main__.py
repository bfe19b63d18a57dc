"""``python -m actions``: the action server on the loopback address, in this one process.

Environment: ``WENBU_ACTIONS_PORT`` (5055). rasa-sdk's own command listens on every address and forks a worker; neither is wanted.
"""

from __future__ import annotations

import logging
import os
import warnings

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor

import policies_kb
from actions.slots import knowledge

HOST = "127.0.0.1"


def warm_up() -> None:
    """Read the knowledge base and build each region's index before the first question comes."""
    kb = knowledge()
    policies_kb.search(kb, "生活费")
    for region in kb.regions.values():
        policies_kb.answer(kb, f"{region.short_name}生活费补贴")


def main() -> None:
    """Serve until stopped."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # The pair 3.6.21 / 3.21.1 is on purpose and tested; rasa-sdk would warn of it.
    warnings.filterwarnings("ignore", message="Your versions of rasa and rasa_sdk might not be compatible")
    executor = ActionExecutor()
    executor.register_package("actions")
    warm_up()
    app = create_app(executor, cors_origins=[])
    app.run(host=HOST, port=int(os.environ.get("WENBU_ACTIONS_PORT", "5055")), single_process=True, access_log=False, motd=False)


if __name__ == "__main__":
    main()
