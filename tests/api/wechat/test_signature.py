"""Signatures: the platform's own example, wechatpy's, time."""

import random

import pytest
from wechatpy.exceptions import InvalidSignatureException
from wechatpy.utils import WeChatSigner, check_signature

from api.wechat.signature import is_fresh, matches, sign

CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789汉字+/="


def words(rng):
    return ["".join(rng.choices(CHARACTERS, k=rng.randint(1, 40))) for _ in range(4)]


def test_the_platforms_own_example():
    signature = sign("AAAAA", "1714037059", "486452656")
    assert signature.startswith("899cf89e")
    assert matches(signature, "AAAAA", "1714037059", "486452656")


def test_wechatpy_signs_the_same_2000_times():
    rng = random.Random(4)
    for _ in range(2000):
        token, *parts = words(rng)
        signer = WeChatSigner()
        signer.add_data(token, *parts)
        assert sign(token, *parts) == signer.signature
        assert matches(signer.signature, token, *parts)


def test_wechatpy_accepts_ours_and_both_refuse_a_changed_one():
    rng = random.Random(5)
    for _ in range(300):
        token, timestamp, nonce, _ = words(rng)
        good = sign(token, timestamp, nonce)
        check_signature(token, good, timestamp, nonce)
        place = rng.randrange(40)
        bad = good[:place] + ("0" if good[place] != "0" else "1") + good[place + 1:]
        assert not matches(bad, token, timestamp, nonce)
        with pytest.raises(InvalidSignatureException):
            check_signature(token, bad, timestamp, nonce)


@pytest.mark.parametrize("given", ["", "x", "é" * 40, "\ud800" * 40, "899CF89E" + "0" * 32])
def test_odd_signatures_are_refused_and_break_nothing(given):
    assert not matches(given, "AAAAA", "1714037059", "486452656")


@pytest.mark.parametrize(("timestamp", "fresh"), [
    ("1000", True), ("701", True), ("700", True), ("1300", True), ("699", False), ("1301", False), ("", False), ("-1000", False),
    ("1e3", False), ("１０００", False), ("1000.0", False), (" 1000", False), ("9" * 13, False), ("1" * 5000, False)])
def test_the_window(timestamp, fresh):
    assert is_fresh(timestamp, 1000.0, 300.0) is fresh
