"""What the environment of an account may hold."""

import pytest

from api.wechat.settings import WechatSettingsError, read_settings
from tests.api.wechat.playing import KEY, OLD_KEY


def test_nothing_set_is_no_account(monkeypatch):
    assert not read_settings().configured


def test_the_keys_in_their_order(account):
    assert account().aes_keys == [KEY, OLD_KEY]
    assert account(AES_KEY_PREVIOUS="").aes_keys == [KEY]
    assert account(API_BASE="https://a.example/").api_base == "https://a.example"


@pytest.mark.parametrize(("name", "value", "words"), [
    ("TOKEN", "a b", "3 到 32"), ("AES_KEY", "short", "43"), ("AES_KEY_PREVIOUS", "x" * 44, "43"), ("API_BASE", "ftp://x", "https"),
    ("PASSIVE_SECONDS", "5", "小于"), ("PASSIVE_SECONDS", "0", "大于"), ("TIME_WINDOW", "-1", "大于"), ("TIME_WINDOW", "x", "不对"),
    ("CUSTOM_SERVICE", "perhaps", "true 或 false"), ("MODE", "plain", "auto")])
def test_a_wrong_value_is_named_and_no_secret_is_told(account, name, value, words):
    with pytest.raises(WechatSettingsError) as problem:
        account(**{name: value})
    assert f"WENBU_WECHAT_{name}" in str(problem.value)
    assert words in str(problem.value)
    if "KEY" in name:
        assert value not in str(problem.value)


def test_what_belongs_together(account):
    with pytest.raises(WechatSettingsError, match="AES_KEY"):
        account(MODE="safe", AES_KEY="", AES_KEY_PREVIOUS="")
    with pytest.raises(WechatSettingsError, match="APP_SECRET"):
        account(CUSTOM_SERVICE="true", APP_SECRET="")
