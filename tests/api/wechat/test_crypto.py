"""The envelope, with wechatpy opening ours and ours opening wechatpy's."""

import base64
import random
import struct

import pytest
from wechatpy.crypto import WeChatCrypto
from wechatpy.parser import parse_message

from api.wechat.crypto import DecryptError, Key, Keys
from api.wechat.incoming import parse
from api.wechat.replies import sealed_reply, text_reply
from api.wechat.simulator.protocol import Platform, event, text
from api.wechat.xml import read
from tests.api.wechat.playing import APP_ID, KEY, OLD_KEY, TOKEN, plain_settings

ALPHABET = "abc ABC 019 汉字补贴，。\n\t<>&\"'[]{}😀é‘’]]>"


def random_text(rng, most=400):
    return "".join(rng.choices(ALPHABET, k=rng.randint(1, most)))


def random_key(rng):
    return base64.b64encode(rng.randbytes(32)).decode()[:43]


def test_we_open_what_wechatpy_closes_and_it_opens_ours_2000_times():
    rng = random.Random(20)
    for _ in range(2000):
        aes_key, app_id, message = random_key(rng), f"wx{rng.getrandbits(60):x}", random_text(rng)
        theirs = WeChatCrypto(TOKEN, aes_key, app_id)
        timestamp, nonce = str(rng.randrange(10**9, 2 * 10**9)), str(rng.getrandbits(40))
        # theirs → ours
        sealed = read(theirs.encrypt_message(message, nonce, timestamp))
        assert Key(aes_key).decrypt(sealed["Encrypt"], app_id) == message
        # ours → theirs
        reply = sealed_reply(message, Keys([aes_key], app_id), Key(aes_key), TOKEN, timestamp, nonce)
        fields = read(reply)
        assert theirs.decrypt_message(reply, fields["MsgSignature"], fields["TimeStamp"], fields["Nonce"]) == message


def test_wechatpy_reads_our_replies_and_what_our_simulator_sends_2000_times():
    rng = random.Random(21)
    crypto = WeChatCrypto(TOKEN, KEY, APP_ID)
    platform = Platform(plain_settings(), encrypted=True)
    for _ in range(2000):
        content = random_text(rng).strip() or "x"
        message = text(f"o{rng.getrandbits(80):x}", content)
        signed = platform.request(message)
        plain = crypto.decrypt_message(signed.body, signed.query["msg_signature"], signed.query["timestamp"],
                                       signed.query["nonce"])
        theirs, ours = parse_message(plain), parse(read(plain))
        assert (theirs.source, theirs.target, theirs.content, str(theirs.id)) == \
            (ours.openid, ours.account, ours.content, ours.message_id)
        assert ours.content == content
        back = parse_message(text_reply(ours.openid, ours.account, 1, content))
        assert (back.target, back.content) == (ours.openid, content)


@pytest.mark.parametrize("name", ["subscribe", "unsubscribe", "CLICK", "VIEW", "SCAN"])
def test_wechatpy_reads_the_same_events(name):
    message = event("oSomebody", name, "key-1")
    theirs, ours = parse_message(message.xml()), parse(read(message.xml()))
    assert theirs.event.lower().split("_")[0] == ours.event
    assert ours.event_key == "key-1"
    assert theirs.source == ours.openid


def test_the_previous_key_opens_and_is_the_one_to_answer_with():
    keys = Keys([KEY, OLD_KEY], APP_ID)
    message, key = keys.decrypt(Key(OLD_KEY).encrypt("旧", APP_ID))
    assert message == "旧"
    answer = keys.encrypt("答", key)
    assert Key(OLD_KEY).decrypt(answer, APP_ID) == "答"
    with pytest.raises(DecryptError):
        Key(KEY).decrypt(answer, APP_ID)


def test_an_envelope_for_another_app_is_refused():
    with pytest.raises(DecryptError):
        Keys([KEY], APP_ID).decrypt(Key(KEY).encrypt("x", "wx-another"))


def test_garbage_is_refused_whatever_it_is():
    rng = random.Random(22)
    keys = Keys([KEY, OLD_KEY], APP_ID)
    good = Key(KEY).encrypt("好", APP_ID)
    odd = ["", "=", "a", "!!!!", "汉", "AAAA", good[:-4], good[4:], good + "AAAA", good[:20] + " " + good[20:]]
    odd += [base64.b64encode(rng.randbytes(rng.choice((16, 32, 48, 64, 160)))).decode() for _ in range(2000)]
    for sealed in odd:
        with pytest.raises(DecryptError):
            keys.decrypt(sealed)


def test_a_length_that_lies_is_refused():
    class Liar(Key):
        def __init__(self, plain):
            super().__init__(KEY)
            self.plain = plain

        def seal(self):
            padding = 32 - len(self.plain) % 32
            encryptor = self._cipher().encryptor()
            return base64.b64encode(encryptor.update(self.plain + bytes([padding]) * padding) + encryptor.finalize()).decode()

    for length in (5, 100, 2**31, 2**32 - 1):
        with pytest.raises(DecryptError):
            Key(KEY).decrypt(Liar(b"r" * 16 + struct.pack("!I", length) + b"abc" + APP_ID.encode()).seal(), APP_ID)
    with pytest.raises(DecryptError):
        Key(KEY).decrypt(Liar(b"r" * 16 + struct.pack("!I", 2) + b"\xff\xfe" + APP_ID.encode()).seal(), APP_ID)
    with pytest.raises(DecryptError):
        Key(KEY).decrypt(Liar(b"short").seal(), APP_ID)


def test_no_key_opens_nothing():
    assert not Keys([], APP_ID)
    with pytest.raises(DecryptError):
        Keys([], APP_ID).decrypt(Key(KEY).encrypt("x", APP_ID))
