"""The front door: who is let in, in which mode, and how the answer is wrapped."""

import json
import time

import pytest
from wechatpy.crypto import WeChatCrypto
from wechatpy.parser import parse_message

from api.wechat.crypto import Key
from api.wechat.simulator.protocol import ACCOUNT, Platform, text
from api.wechat.xml import read
from tests.api.wechat.playing import APP_ID, KEY, OLD_KEY, OPENID, TOKEN, signed_query


@pytest.fixture(autouse=True)
def answering(neighbours):
    """Rasa answers everything."""
    neighbours.answer({"custom": {"text": "每天六十元。"}})


async def test_the_url_check(wechat):
    query = signed_query(echostr="5566", timestamp=int(time.time()))
    answer = await wechat.client.get("/wechat", params=query)
    assert (answer.status_code, answer.text) == (200, "5566")
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize("change", [{"signature": "0" * 40}, {"signature": ""}, {"nonce": "other"}, {"timestamp": "1"}, {}])
async def test_a_forged_or_old_url_check_hears_nothing(wechat, change):
    query = signed_query(echostr="5566") | change if change else signed_query(echostr="5566", timestamp=int(time.time()) - 301)
    answer = await wechat.client.get("/wechat", params=query)
    assert (answer.status_code, answer.content) == (403, b"")


async def test_an_empty_url_check_is_refused(wechat):
    answer = await wechat.client.get("/wechat")
    assert (answer.status_code, answer.content) == (403, b"")


async def test_without_an_account_it_says_so(client):
    for answer in (await client.get("/wechat"), await client.post("/wechat", content=b"<xml/>")):
        assert answer.status_code == 404
        assert "没有配置公众号" in answer.json()["detail"]


async def test_plain_mode(gateway, account):
    account(AES_KEY="", AES_KEY_PREVIOUS="")
    wechat = await gateway.wechat(encrypted=False)
    message = text(OPENID, "生活费多少")
    answer = await wechat.post(message)
    assert answer.headers["content-type"].startswith("application/xml")
    reply = parse_message(answer.text)
    assert (reply.content, reply.target, reply.source) == ("每天六十元。", OPENID, ACCOUNT)
    assert abs(int(read(answer.text)["CreateTime"]) - time.time()) < 5


async def test_safe_mode_as_wechatpy_speaks_it(wechat, neighbours):
    crypto = WeChatCrypto(TOKEN, KEY, APP_ID)
    timestamp, nonce = str(int(time.time())), "n1"
    sealed = crypto.encrypt_message(text(OPENID, "生活费多少").xml(), nonce, timestamp)
    signature = read(sealed)["MsgSignature"]
    answer = await wechat.client.post("/wechat", content=sealed, params={
        "timestamp": timestamp, "nonce": nonce, "encrypt_type": "aes", "msg_signature": signature})
    fields = read(answer.text)
    plain = crypto.decrypt_message(answer.text, fields["MsgSignature"], fields["TimeStamp"], fields["Nonce"])
    assert parse_message(plain).content == "每天六十元。"
    assert neighbours.heard[0]["message"] == "生活费多少"


async def test_the_previous_key_is_answered_with_the_previous_key(gateway, account):
    wechat = await gateway.wechat()
    wechat.platform = Platform(account(AES_KEY=OLD_KEY, AES_KEY_PREVIOUS=""), encrypted=True)
    assert await wechat.say("生活费多少") == "每天六十元。"


def both_forms(message, key=KEY):
    """A body of the compatible mode: all fields in the clear, and the envelope."""
    sealed = Key(key).encrypt(message.xml(), APP_ID)
    return message.xml().replace("</xml>", f"<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"), sealed


async def test_compatible_mode_reads_the_envelope(wechat):
    body, sealed = both_forms(text(OPENID, "生活费多少"))
    query = signed_query()
    query |= {"encrypt_type": "aes", "msg_signature": signed_query(
        sealed, timestamp=query["timestamp"], nonce=query["nonce"], name="m")["m"]}
    answer = await wechat.client.post("/wechat", params=query, content=body.encode())
    assert "Encrypt" in read(answer.text)


async def test_compatible_mode_without_our_key_reads_the_plain_form(gateway, account):
    account(AES_KEY="", AES_KEY_PREVIOUS="")
    client = await gateway.start()
    body, sealed = both_forms(text(OPENID, "生活费多少"))
    query = signed_query(encrypt_type="aes", msg_signature="0" * 40)
    answer = await client.post("/wechat", params=query, content=body.encode())
    assert read(answer.text)["Content"] == "每天六十元。"


async def test_safe_mode_alone_refuses_plain_messages(gateway, account, neighbours):
    account(MODE="safe")
    wechat = await gateway.wechat(encrypted=False)
    answer = await wechat.post(text(OPENID, "x"))
    assert (answer.status_code, answer.content) == (403, b"")
    assert neighbours.heard == []


async def refuse(wechat, neighbours, status=403, *, query, body):
    answer = await wechat.client.post("/wechat", params=query, content=body)
    assert answer.status_code == status, answer.text
    if status == 403:
        assert answer.content == b""
    assert neighbours.heard == []
    from sqlalchemy import select

    from api.store.conversations import Conversation
    from api.store.wechat_followers import Follower
    async with wechat.app.state.wenbu.database.session() as session:
        for table in (Conversation, Follower):
            assert (await session.scalars(select(table))).all() == []


@pytest.fixture
async def door(gateway):
    """A platform that knows its app, to look into the database."""
    wechat = await gateway.wechat()
    wechat.app = gateway.app
    return wechat


async def test_the_forged_get_no_answer_and_leave_nothing(door, neighbours):
    body = text(OPENID, "生活费多少").xml().encode()
    good = signed_query()
    for change in ({"signature": "0" * 40}, {"signature": ""}, {"nonce": "x"}, {"timestamp": str(int(time.time()) - 1)}):
        await refuse(door, neighbours, query=good | change, body=body)
    await refuse(door, neighbours, query={}, body=body)
    await refuse(door, neighbours, query=signed_query(token="another"), body=body)


@pytest.mark.parametrize("body", ["", "<xml>", "<xml/>", "<!DOCTYPE x [<!ENTITY a 'b'>]><xml>&a;</xml>", "\x00"])
async def test_the_forged_do_not_learn_that_an_envelope_cannot_be_read(door, neighbours, body):
    forged = signed_query(encrypt_type="aes", msg_signature="0" * 40)
    await refuse(door, neighbours, query=forged, body=body.encode())
    await refuse(door, neighbours, query=forged | {"signature": "0" * 40}, body=body.encode())


async def test_the_signature_of_the_url_does_not_open_an_envelope(door, neighbours):
    # the commonest mistake of such modules: `signature` taken for `msg_signature`
    sealed = Key(KEY).encrypt(text(OPENID, "x").xml(), APP_ID)
    body = f"<xml><ToUserName>{ACCOUNT}</ToUserName><Encrypt>{sealed}</Encrypt></xml>".encode()
    query = signed_query(encrypt_type="aes")
    await refuse(door, neighbours, query=query, body=body)
    await refuse(door, neighbours, query=query | {"msg_signature": query["signature"]}, body=body)


def sealed_request(plain, *, key=KEY, app_id=APP_ID, account=ACCOUNT, sealed=None):
    sealed = sealed if sealed is not None else Key(key).encrypt(plain, app_id)
    query = signed_query(sealed, name="msg_signature", encrypt_type="aes")
    return {"query": query, "body": f"<xml><ToUserName>{account}</ToUserName><Encrypt>{sealed}</Encrypt></xml>".encode()}


async def test_envelopes_that_are_not_for_us(door, neighbours):
    plain = text(OPENID, "x").xml()
    await refuse(door, neighbours, **sealed_request(plain, app_id="wx-another"))
    await refuse(door, neighbours, **sealed_request(plain, account="gh_another"))
    await refuse(door, neighbours, **sealed_request(plain, key="a" * 42 + "A"))
    for garbage in ("AAAA", "x" * 64, "!!!!", "汉字"):
        await refuse(door, neighbours, **sealed_request(plain, sealed=garbage))


async def test_envelopes_with_something_else_inside(door, neighbours):
    for plain in ("", "hello", "<xml>", "<xml></xml>", "<!DOCTYPE x [<!ENTITY a 'b'>]><xml>&a;</xml>", "{}"):
        await refuse(door, neighbours, 400, **sealed_request(plain))
    query = signed_query("", name="msg_signature", encrypt_type="aes")
    for body in (b"<xml/>", b"<xml><Encrypt></Encrypt></xml>", b"", b"\xff"):
        await refuse(door, neighbours, 400, query=query, body=body)


BOMB = "<!DOCTYPE xml [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><xml><Content>&b;</Content></xml>"


@pytest.mark.parametrize("body", [
    "", "hello", "<xml>", "<xml></xml>", BOMB, "<xml>" + "<a>" * 9000, "<html/>", "<xml><FromUserName>o</FromUserName></xml>",
    text(OPENID, "x").xml().replace("text", "event"), "\x00" * 100, "<xml>" + "<a></a>" * 5000 + "</xml>"])
async def test_signed_but_unreadable_is_400_in_chinese(door, neighbours, body):
    query = signed_query()
    await refuse(door, neighbours, 400, query=query, body=body.encode())
    answer = await door.client.post("/wechat", params=query, content=body.encode())
    assert "XML" in answer.json()["detail"]


@pytest.mark.parametrize("size", [64 * 1024 + 1, 200_000])
async def test_large_bodies_are_refused(door, neighbours, size):
    body = f"<xml><Content>{'x' * size}</Content></xml>".encode()
    await refuse(door, neighbours, 413, query=signed_query(), body=body)


async def test_json_pushes_say_which_setting_to_change(door, neighbours):
    body = json.dumps({"ToUserName": ACCOUNT, "Encrypt": "AAAA"}).encode()
    await refuse(door, neighbours, 400, query=signed_query(), body=body)
    answer = await door.client.post("/wechat", params=signed_query(), content=body)
    assert "XML" in answer.json()["detail"]
    await refuse(door, neighbours, query=signed_query() | {"signature": "0" * 40}, body=body)


@pytest.mark.parametrize("off", [-400, 400])
async def test_a_timestamp_outside_of_the_window_is_refused(door, neighbours, off):
    body = text(OPENID, "x").xml().encode()
    await refuse(door, neighbours, query=signed_query(timestamp=int(time.time()) + off), body=body)
    request = sealed_request(text(OPENID, "x").xml())
    sealed = read(request["body"])["Encrypt"]
    old = signed_query(sealed, name="msg_signature", encrypt_type="aes", timestamp=int(time.time()) + off)
    await refuse(door, neighbours, query=old, body=request["body"])


async def test_a_replay_inside_the_window_gets_the_same_answer_and_no_second_turn(door, neighbours):
    for encrypted in (False, True):
        before = len(neighbours.heard)
        signed = Platform(door.settings, encrypted).request(text(OPENID, "生活费多少"))
        first = await door.client.post("/wechat", params=signed.query, content=signed.body)
        second = await door.client.post("/wechat", params=signed.query, content=signed.body)
        assert (first.status_code, second.status_code) == (200, 200)
        assert len(neighbours.heard) == before + 1


async def test_a_captured_signature_carries_no_other_message(door, neighbours):
    signed = Platform(door.settings, False).request(text(OPENID, "生活费多少"))
    assert (await door.client.post("/wechat", params=signed.query, content=signed.body)).status_code == 200
    other = text("oSomebodyElse", "别的").xml().encode()
    answer = await door.client.post("/wechat", params=signed.query, content=other)
    assert (answer.status_code, answer.content) == (403, b"")
    assert len(neighbours.heard) == 1


async def test_refusals_are_counted(door, neighbours):
    await refuse(door, neighbours, query=signed_query(token="another"), body=b"<xml/>")
    numbers = (await door.client.get("/metrics")).text
    assert 'wenbu_wechat_refused_total{reason="forged"} 1.0' in numbers


