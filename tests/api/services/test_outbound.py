"""Delivery on its own way."""

from api.services.outbound import Outbound, read_by_itself
from api.store import messages
from api.store.conversations import Conversation


def conversation(channel):
    return Conversation(id="c", sender_key="k", channel=channel)


def message():
    return messages.new("c", messages.STAFF, "您好", delivered=False)


async def test_a_channel_that_cannot_deliver_says_no():
    assert await Outbound().deliver(conversation("api"), message()) is False


async def test_the_channels_own_function_delivers():
    outbound, sent = Outbound(), []

    async def deliver(to, what):
        sent.append((to.channel, what.text))
        return True

    outbound.register("wechat", deliver)
    outbound.register("web", read_by_itself)
    assert await outbound.deliver(conversation("wechat"), message())
    assert await outbound.deliver(conversation("web"), message())
    assert sent == [("wechat", "您好")]


async def test_a_failing_channel_is_a_no():
    outbound = Outbound()

    async def deliver(to, what):
        raise RuntimeError("x")

    outbound.register("wechat", deliver)
    assert await outbound.deliver(conversation("wechat"), message()) is False
