"""What each kind of message is answered with, choices by number, long answers in pieces, leaving."""

import json

import httpx
import pytest
from sqlalchemy import func, select

from api.store.cases import Case
from api.store.conversations import Conversation
from api.store.messages import Message
from api.store.wechat_followers import Follower
from api.wechat.simulator.protocol import Message as Sent
from api.wechat.simulator.protocol import event, text
from api.wechat.wording import LINK, OTHER, PICTURE, STICKER, VIDEO, VOICE
from tests.api.wechat.playing import OPENID

LONG = "".join(f"第{number}条说的是培训补贴怎么领、谁来领、去哪里领。" for number in range(200))


@pytest.fixture
def said(neighbours):
    """What the bot heard; it repeats everything. `script` maps words to other answers."""
    class Said(list):
        script = {}

    heard = Said()

    def rasa(request):
        words = json.loads(request.content)["message"]
        heard.append(words)
        answer = heard.script.get(words, {"text": f"听到：{words}"})
        return httpx.Response(200, json=[{"custom": each} for each in (answer if isinstance(answer, list) else [answer])])

    neighbours.rasa = rasa
    return heard


async def count(gateway, table):
    async with gateway.app.state.wenbu.database.session() as session:
        return await session.scalar(select(func.count()).select_from(table))


async def follower(gateway):
    async with gateway.app.state.wenbu.database.session() as session:
        return await session.get(Follower, OPENID)


@pytest.mark.parametrize(("kind", "fields", "answer"), [
    ("image", {"PicUrl": "http://x", "MediaId": "1"}, PICTURE), ("video", {"MediaId": "1"}, VIDEO),
    ("shortvideo", {"MediaId": "1"}, VIDEO), ("link", {"Title": "a", "Url": "b"}, LINK),
    ("voice", {"MediaId": "1", "Format": "amr"}, VOICE), ("voice", {"Recognition": " 。"}, VOICE),
    ("text", {"Content": "/::)"}, STICKER), ("text", {"Content": " \x07 "}, STICKER), ("text", {}, STICKER),
    ("text", {"Content": "【收到不支持的消息类型，暂无法显示】"}, OTHER), ("miniprogrampage", {}, OTHER)])
async def test_what_cannot_be_read_gets_a_kind_word_and_no_turn(wechat, said, kind, fields, answer):
    assert await wechat.send(Sent(OPENID, kind, fields | {"MsgId": "5"})) == answer
    assert said == []


async def test_voice_that_was_recognised_is_a_question(wechat, said):
    assert await wechat.send(Sent(OPENID, "voice", {"Recognition": "生活费多少。", "MsgId": "5"})) == "听到：生活费多少"


async def test_of_a_location_only_the_city_is_looked_at(wechat, said):
    place = {"Location_X": "25.5", "Location_Y": "103.8", "MsgId": "5"}
    assert await wechat.send(Sent(OPENID, "location", place | {"Label": "云南省曲靖市麒麟区某路1号"})) == "听到：曲靖"
    answer = await wechat.send(Sent(OPENID, "location", place | {"Label": "火星", "MsgId": "6"}))
    assert "哪个城市" in answer
    assert said == ["曲靖"]


async def test_faces_before_words_are_no_command(wechat, said):
    await wechat.say("/::) /:rose 生活费多少")
    assert said == ["生活费多少"]


async def test_numbers_of_persons_are_masked(gateway, wechat, said):
    await wechat.say("我的手机13812345678")
    assert said == ["我的手机[手机号]"]
    async with gateway.app.state.wenbu.database.session() as session:
        assert "138" not in " ".join(await session.scalars(select(Message.text)))


@pytest.mark.parametrize("silent", [event(OPENID, "VIEW", "https://a.example"), event(OPENID, "LOCATION"),
                                    event(OPENID, "MASSSENDJOBFINISH"), event(OPENID, "unsubscribe")])
async def test_events_that_nobody_waits_on_are_met_with_silence(wechat, said, silent):
    assert await wechat.send(silent) == ""
    assert said == []


async def test_following_is_greeted_and_the_scene_kept(gateway, wechat, said):
    answer = await wechat.send(event(OPENID, "subscribe", "qrscene_fuwuting-1"))
    assert "问补" in answer
    assert "曲靖" in answer
    assert "1. " in answer
    row = await follower(gateway)
    assert (row.scene, row.last_scene) == ("fuwuting-1", "fuwuting-1")
    assert row.subscribed_at is not None
    assert await wechat.say("1") == "听到：/start_check"
    # a scan by somebody who follows already is reach, not growth
    assert "问补" in await wechat.send(event(OPENID, "SCAN", "jie-2"))
    row = await follower(gateway)
    assert (row.scene, row.last_scene) == ("fuwuting-1", "jie-2")


async def test_following_without_a_code_has_no_scene(gateway, wechat):
    assert "问补" in await wechat.send(event(OPENID, "subscribe"))
    assert (await follower(gateway)).scene is None


async def test_the_menu_speaks_for_the_person(wechat, said):
    assert await wechat.send(event(OPENID, "CLICK", "say:去哪里办")) == "听到：去哪里办"
    assert "没有内容" in await wechat.send(event(OPENID, "CLICK", "gone"))


async def test_buttons_are_answered_by_number(gateway, wechat, said):
    said.script["问"] = {"text": "选一个", "buttons": [{"title": "甲", "payload": "/jia"}, {"title": "乙", "payload": "我选乙"}]}
    assert await wechat.say("问") == "选一个\n\n1. 甲\n2. 乙\n回数字就行。"
    assert await wechat.say("第二个") == "听到：我选乙"
    # the list is over: the number is a number again
    assert await wechat.say("2") == "听到：2"
    async with gateway.app.state.wenbu.database.session() as session:
        texts = list(await session.scalars(select(Message.text).where(Message.author == "person").order_by(Message.id)))
    assert texts == ["问", "乙", "2"]


async def test_only_the_last_buttons_count(wechat, said):
    said.script["问"] = [{"text": "一", "buttons": [{"title": "旧", "payload": "旧"}, {"title": "旧2", "payload": "旧2"}]},
                         {"text": "二\n1. 新\n2. 另", "buttons": [{"title": "新", "payload": "新的"}, {"title": "另", "payload": "另"}]}]
    assert await wechat.say("问") == "一\n\n二\n1. 新\n2. 另"
    assert await wechat.say("①") == "听到：新的"


async def test_choices_are_there_after_a_restart(gateway, wechat, said):
    said.script["问"] = {"text": "选", "buttons": [{"title": "甲", "payload": "/jia"}]}
    await wechat.say("问")
    await gateway.stop()
    assert await (await gateway.wechat()).say("1") == "听到：/jia"


async def test_long_answers_come_in_pieces(wechat, said):
    said.script["全部"] = {"text": LONG}
    piece = await wechat.say("全部")
    got = []
    while piece.endswith("回复“详细”看全文"):
        assert len(piece.encode()) <= 2048
        got.append(piece.removesuffix("\n\n回复“详细”看全文"))
        piece = await wechat.say("“详细”。")
    assert "".join([*got, piece]) == LONG
    assert said == ["全部"]
    # nothing is left: the word goes to the bot, as before
    assert await wechat.say("详细") == "听到：详细"


async def test_another_question_ends_the_long_answer(wechat, said):
    said.script["全部"] = {"text": LONG}
    await wechat.say("全部")
    await wechat.say("别的")
    assert await wechat.say("详细") == "听到：详细"


async def test_a_repeated_demand_for_more_gets_the_same_piece(wechat, said):
    said.script["全部"] = {"text": LONG}
    await wechat.say("全部")
    demand = text(OPENID, "详细")
    assert await wechat.send(demand) == await wechat.send(demand) != await wechat.say("详细")


async def test_a_text_that_would_break_out_does_not(wechat, said):
    said.script["问"] = {"text": "a]]><Content>假</Content><![CDATA[b"}
    assert await wechat.say("问") == "a]]><Content>假</Content><![CDATA[b"


async def test_leaving_deletes_everything_of_that_person(gateway, wechat, said, neighbours):
    said.script["转人工"] = {"text": "好的", "handoff": True}
    await wechat.say("生活费")
    await wechat.say("转人工")
    await wechat.say("别人的", "oSomebodyElse")
    assert await count(gateway, Case) == 1
    async with gateway.app.state.wenbu.database.session() as session:
        conversation = (await session.get(Follower, OPENID)).conversation_id
    assert await wechat.send(event(OPENID, "unsubscribe")) == ""
    async with gateway.app.state.wenbu.database.session() as session:
        assert [row.openid for row in await session.scalars(select(Follower))] == ["oSomebodyElse"]
        assert set(await session.scalars(select(Message.text))) == {"别人的", "听到：别人的"}
    assert (await count(gateway, Case), await count(gateway, Conversation)) == (0, 1)
    assert (neighbours.heard[-1]["sender"], neighbours.heard[-1]["message"]) == (conversation, "/restart")
    # who comes back starts anew
    assert "问补" in await wechat.send(event(OPENID, "subscribe"))
    assert (await follower(gateway)).conversation_id is None


async def test_leaving_forgets_remembered_answers(wechat, said):
    message = text(OPENID, "生活费")
    await wechat.send(message)
    await wechat.send(event(OPENID, "unsubscribe"))
    assert await wechat.send(message) == ""


async def test_while_staff_have_the_case_the_bot_is_silent_and_numbers_are_words(gateway, account, api, said):
    account(CUSTOM_SERVICE="true")
    said.script["转人工"] = {"text": "好的", "handoff": True}
    wechat = await gateway.wechat()
    await wechat.say("转人工")
    assert await wechat.say("在吗") == ""
    assert await wechat.say("1") == ""
    assert said == ["转人工"]


async def test_words_of_staff_go_by_custom_service(gateway, account, api, said):
    account(CUSTOM_SERVICE="true")
    wechat = await gateway.wechat()
    await wechat.say("你好")
    state = gateway.app.state.wenbu
    async with state.database.session() as session:
        conversation = await session.scalar(select(Conversation))
    message = Message(id=99, text="您好，我是工作人员。\x00", author="staff")
    assert await state.outbound.deliver(conversation, message)
    assert api.sent == [(OPENID, "您好，我是工作人员。")]
    api.errors = [45015]
    assert not await state.outbound.deliver(conversation, message)
    await wechat.send(event(OPENID, "unsubscribe"))
    assert not await state.outbound.deliver(conversation, message)


async def test_without_the_right_words_of_staff_wait(gateway, wechat, said):
    await wechat.say("你好")
    state = gateway.app.state.wenbu
    async with state.database.session() as session:
        conversation = await session.scalar(select(Conversation))
    assert not await state.outbound.deliver(conversation, Message(id=99, text="您好", author="staff"))
