"""Replies: nothing in a text gets out of it."""

import random

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from api.wechat.replies import cdata, text_reply
from api.wechat.text import clean
from api.wechat.xml import read

NASTY = ["]]>", "]]]]>>", "]]><Content>x</Content><![CDATA[", "<![CDATA[", "&lt;&amp;", "]]", ">", "]]\u0000>", "]]\ud800>",
         "</Content></xml>", "\r\n", "\ufffe", "\x1b[31m", "😀"]


def content(reply):
    root = fromstring(reply)
    assert [child.tag for child in root] == ["ToUserName", "FromUserName", "CreateTime", "MsgType", "Content"]
    assert not any(len(child) for child in root)
    return root.find("Content").text or ""


@pytest.mark.parametrize("text", NASTY)
def test_nasty_texts_stay_texts(text):
    assert content(text_reply("oA", "gh_a", 1, f"a{text}b")) == clean(f"a{text}b")


def test_thousands_of_nasty_mixtures():
    rng = random.Random(7)
    for _ in range(3000):
        text = "".join(rng.choices([*NASTY, "汉", "]", "a"], k=rng.randint(1, 12)))
        assert content(text_reply(text, "gh_a", 1, text)) == clean(text)


@given(st.text(alphabet=st.characters(codec=None), max_size=60))
def test_any_text_at_all(text):
    assert read(f"<xml><A>{cdata(text)}</A></xml>") == {"A": clean(text)}


def test_control_characters_go_and_lines_stay():
    assert clean("一\x00二\x07\r\n三\t四\r五\ud800\uffff") == "一二\n三\t四\n五"
