"""Rasa prints much and takes seconds to import; what the tests share is made once."""

from __future__ import annotations

import os
import warnings

import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
warnings.simplefilter("ignore")


@pytest.fixture(scope="session")
def kb():
    """The knowledge base."""
    import policies_kb

    return policies_kb.load_knowledge_base()


@pytest.fixture(scope="session")
def generated(kb, tmp_path_factory):
    """A folder with everything that training generates."""
    from bot.generate import write_all

    root = tmp_path_factory.mktemp("generated")
    write_all(kb, root)
    return root
