"""Fixtures of the official account."""

import pytest

from api.wechat.settings import read_settings
from tests.api.wechat.playing import API, APP_ID, KEY, OLD_KEY, SECRET, TOKEN, FakePlatformApi, Gateway, SlowBot


@pytest.fixture
def account(monkeypatch):
    """The environment of an account; tests set more."""
    def put(**more):
        values = {"TOKEN": TOKEN, "APP_ID": APP_ID, "APP_SECRET": SECRET, "AES_KEY": KEY, "AES_KEY_PREVIOUS": OLD_KEY,
                  "API_BASE": API, "PASSIVE_SECONDS": "4.9", **more}
        for name, value in values.items():
            monkeypatch.setenv(f"WENBU_WECHAT_{name}", value)
        return read_settings()
    put()
    return put


@pytest.fixture
def api():
    """The platform's API."""
    return FakePlatformApi()


@pytest.fixture
async def gateway(settings, neighbours, api, account):
    """Apps with an account, stopped at the end."""
    gateway = Gateway(settings, neighbours, api)
    yield gateway
    await gateway.stop()


@pytest.fixture
async def wechat(gateway):
    """A platform in front of an app, safe mode, no custom-service right."""
    return await gateway.wechat()


@pytest.fixture
def slow_bot(neighbours):
    """Rasa with the answer held back until `go` is set."""
    return SlowBot(neighbours)
