"""The five-second rule: never two answers, never none."""

import asyncio

import httpx
import pytest
from sqlalchemy import select

from api.store.messages import Message
from api.wechat.simulator.protocol import event, text
from tests.api.wechat.playing import OPENID, until
from tests.api.wechat.small_redis import SmallRedis


async def stored(gateway, author):
    async with gateway.app.state.wenbu.database.session() as session:
        return list(await session.scalars(select(Message).where(Message.author == author).order_by(Message.id)))


async def test_ready_in_time_goes_back_at_once(wechat, slow_bot):
    slow_bot.go.set()
    assert await wechat.say("生活费") == "这是回答。（生活费）"


@pytest.mark.parametrize("encrypted", [True, False])
async def test_repeats_while_it_runs_join_and_all_get_the_same_answer(gateway, account, slow_bot, encrypted):
    wechat = await gateway.wechat(encrypted)
    message = text(OPENID, "生活费")
    repeats = [asyncio.create_task(wechat.send(message)) for _ in range(4)]
    await until(lambda: slow_bot.turns == 1)
    await asyncio.sleep(0.05)
    slow_bot.go.set()
    assert set(await asyncio.gather(*repeats)) == {"这是回答。（生活费）"}
    assert slow_bot.turns == 1
    assert len(await stored(gateway, "person")) == len(await stored(gateway, "bot")) == 1
    assert await wechat.send(message) == "这是回答。（生活费）"
    assert slow_bot.turns == 1
    assert "wenbu_wechat_repeats_total 4.0" in (await wechat.client.get("/metrics")).text


async def test_events_are_repeated_by_who_when_and_what(gateway, slow_bot):
    wechat = await gateway.wechat()
    slow_bot.go.set()
    click = event(OPENID, "CLICK", "say:生活费多少")
    assert await wechat.send(click) == await wechat.send(click) == "这是回答。（生活费多少）"
    assert slow_bot.turns == 1


async def test_late_with_the_right_goes_by_custom_service_once(gateway, account, slow_bot, api):
    account(CUSTOM_SERVICE="true", PASSIVE_SECONDS="0.3")
    wechat = await gateway.wechat()
    message = text(OPENID, "生活费")
    assert await wechat.send(message) == ""
    # a repeat that comes while it is still being made waits in vain, too
    assert await wechat.send(message) == ""
    assert api.sent == []
    slow_bot.go.set()
    gateway.patience()
    await until(lambda: api.sent)
    assert api.sent == [(OPENID, "这是回答。（生活费）")]
    # and one that comes after gets nothing more: the follower has it
    assert await wechat.send(message) == ""
    assert await wechat.say("还有呢") == "这是回答。（还有呢）"
    assert len(api.sent) == 1
    assert slow_bot.turns == 2


async def test_late_without_the_right_a_repeat_still_gets_it_once(gateway, account, slow_bot):
    account(PASSIVE_SECONDS="0.3")
    wechat = await gateway.wechat()
    message = text(OPENID, "生活费")
    assert await wechat.send(message) == ""
    assert await wechat.send(message) == ""
    gateway.patience()
    third = asyncio.create_task(wechat.send(message))
    await asyncio.sleep(0.05)
    slow_bot.go.set()
    assert await third == "这是回答。（生活费）"
    # it has been had: the next message does not bring it again
    assert await wechat.say("还有呢") == "这是回答。（还有呢）"
    assert slow_bot.turns == 2


async def test_late_without_the_right_it_comes_with_the_next_message(gateway, account, slow_bot):
    account(PASSIVE_SECONDS="0.3")
    wechat = await gateway.wechat()
    message = text(OPENID, "生活费")
    assert await wechat.send(message) == ""
    gateway.patience()
    following = asyncio.create_task(wechat.say("还有呢"))
    await asyncio.sleep(0.05)
    slow_bot.go.set()
    assert await following == "这是回答。（生活费）\n\n这是回答。（还有呢）"
    # too late for the repeat now
    assert await wechat.send(message) == ""
    assert await wechat.say("好") == "这是回答。（好）"


async def test_several_late_ones_come_in_their_order(gateway, account, slow_bot):
    account(PASSIVE_SECONDS="0.3")
    wechat = await gateway.wechat()
    assert await wechat.say("一") == ""
    assert await wechat.say("二") == ""
    slow_bot.go.set()
    gateway.patience()
    await until(lambda: slow_bot.turns == 2)
    assert await wechat.say("三") == "\n\n".join(f"这是回答。（{word}）" for word in "一二三")


@pytest.mark.parametrize("error", [45015, 45047, 48001, httpx.ConnectError("away"), httpx.ReadTimeout("slow")])
async def test_what_custom_service_refuses_comes_with_the_next_message(gateway, account, slow_bot, api, error):
    account(CUSTOM_SERVICE="true", PASSIVE_SECONDS="0.3")
    api.errors = [error]
    wechat = await gateway.wechat()
    message = text(OPENID, "生活费")
    assert await wechat.send(message) == ""
    slow_bot.go.set()
    gateway.patience()
    await until(lambda: not api.errors)
    assert await wechat.say("还有呢") == "这是回答。（生活费）\n\n这是回答。（还有呢）"
    assert api.sent == []
    code = error if isinstance(error, int) else "unreachable"
    assert f'wenbu_wechat_send_errors_total{{code="{code}"}} 1.0' in (await wechat.client.get("/metrics")).text


async def test_after_a_refusal_a_repeat_may_take_it(gateway, account, slow_bot, api):
    account(CUSTOM_SERVICE="true", PASSIVE_SECONDS="0.3")
    api.errors = [45015]
    wechat = await gateway.wechat()
    message = text(OPENID, "生活费")
    assert await wechat.send(message) == ""
    slow_bot.go.set()
    gateway.patience()
    await until(lambda: not api.errors)
    await asyncio.sleep(0.05)
    assert await wechat.send(message) == "这是回答。（生活费）"
    assert await wechat.say("还有呢") == "这是回答。（还有呢）"


async def test_a_restart_of_the_gateway_gives_the_same_answer_and_no_second_turn(gateway, slow_bot):
    slow_bot.go.set()
    wechat = await gateway.wechat()
    message = text(OPENID, "生活费")
    first = await wechat.send(message)
    await gateway.stop()
    wechat = await gateway.wechat()
    assert await wechat.send(message) == first
    assert slow_bot.turns == 1


async def test_a_fault_in_the_answer_is_a_sentence(gateway, wechat, monkeypatch):
    async def broken(*_, **__):
        raise RuntimeError("broken")
    monkeypatch.setattr(gateway.app.state.wenbu.chat, "turn", broken)
    message = text(OPENID, "生活费")
    assert "没能答上来" in await wechat.send(message)
    assert "没能答上来" in await wechat.send(message)


async def test_without_rasa_the_knowledge_base_answers(wechat):
    assert "生活费" in await wechat.say("曲靖生活费一天多少")


async def test_a_crowd_at_once_each_get_their_own(gateway, account, slow_bot):
    slow_bot.go.set()
    wechat = await gateway.wechat()
    answers = await asyncio.gather(*(wechat.say(f"问{number}", f"o{number}") for number in range(60)))
    assert answers == [f"这是回答。（问{number}）" for number in range(60)]


async def test_reply_times_are_measured(wechat, slow_bot):
    slow_bot.go.set()
    await wechat.say("生活费")
    assert 'wenbu_wechat_reply_seconds_count{way="passive"} 1.0' in (await wechat.client.get("/metrics")).text


async def test_stopping_lets_answers_be_finished(gateway, account, slow_bot, api):
    account(CUSTOM_SERVICE="true", PASSIVE_SECONDS="0.3")
    wechat = await gateway.wechat()
    assert await wechat.say("生活费") == ""
    stopping = asyncio.create_task(gateway.stop())
    await asyncio.sleep(0.05)
    slow_bot.go.set()
    await stopping
    assert api.sent == [(OPENID, "这是回答。（生活费）")]


async def test_while_the_database_is_away_a_late_answer_is_still_owed(gateway, account, slow_bot, monkeypatch):
    account(PASSIVE_SECONDS="0.3")
    wechat = await gateway.wechat()
    database = gateway.app.state.wenbu.database

    def away():
        raise OSError("no database")
    monkeypatch.setattr(database, "session", away)
    assert await wechat.say("生活费") == ""
    slow_bot.go.set()
    gateway.patience()
    await until(lambda: slow_bot.turns == 1)
    assert await wechat.say("还有呢") == "这是回答。（生活费）\n\n这是回答。（还有呢）"
    assert await wechat.say("好") == "这是回答。（好）"


async def test_two_gateways_with_redis_answer_a_message_once(gateway, account, slow_bot, settings):
    server = SmallRedis()
    settings.redis_url = await server.start()
    one, two = await gateway.wechat(), await gateway.wechat()
    message = text(OPENID, "生活费")
    answers = [asyncio.create_task(each.send(message)) for each in (one, two, two)]
    await until(lambda: slow_bot.turns == 1)
    await asyncio.sleep(0.2)
    slow_bot.go.set()
    assert await asyncio.gather(*answers) == ["这是回答。（生活费）"] * 3
    assert await two.send(message) == "这是回答。（生活费）"
    assert slow_bot.turns == 1
    await gateway.stop()
    await server.stop()


async def test_two_gateways_with_redis_send_a_late_answer_once(gateway, account, slow_bot, settings, api):
    server = SmallRedis()
    settings.redis_url = await server.start()
    account(CUSTOM_SERVICE="true", PASSIVE_SECONDS="0.3")
    one, two = await gateway.wechat(), await gateway.wechat()
    message = text(OPENID, "生活费")
    assert await asyncio.gather(one.send(message), two.send(message)) == ["", ""]
    slow_bot.go.set()
    gateway.patience()
    await until(lambda: api.sent)
    await asyncio.sleep(0.2)
    assert api.sent == [(OPENID, "这是回答。（生活费）")]
    assert await two.send(message) == ""
    await gateway.stop()
    await server.stop()


async def test_sending_that_breaks_loses_nothing(gateway, account, slow_bot, api, monkeypatch):
    account(CUSTOM_SERVICE="true", PASSIVE_SECONDS="0.3")
    wechat = await gateway.wechat()

    async def broken(*_):
        broken.called = True
        raise RuntimeError("broken")
    broken.called = False
    monkeypatch.setattr(gateway.app.state.wenbu.wechat._delivery, "_send", broken)
    assert await wechat.say("生活费") == ""
    gateway.patience()
    slow_bot.go.set()
    await until(lambda: broken.called)
    assert await wechat.say("还有呢") == "这是回答。（生活费）\n\n这是回答。（还有呢）"
