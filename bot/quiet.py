"""Silence about things that nobody here can change: what Rasa's pinned libraries say of their own future."""

from __future__ import annotations

import logging
import os
import warnings
from typing import Any

import jieba


def hush() -> None:
    """No telemetry, no TensorFlow chatter, no deprecation warnings. Call before Rasa is imported.

    Rasa and some of its libraries reset the warning filters while they are imported; the printing is what stays in our hand.
    """
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    jieba.setLogLevel(logging.WARNING)
    warnings.simplefilter("ignore")
    stock = warnings.showwarning

    def show(message: Any, category: Any, *where: Any, **more: Any) -> None:
        if not issubclass(category, (DeprecationWarning, PendingDeprecationWarning)):
            stock(message, category, *where, **more)

    warnings.showwarning = show
