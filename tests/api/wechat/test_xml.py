"""XML from outside: what is read, and what is refused."""

import pytest

from api.wechat.incoming import parse
from api.wechat.xml import MAX_BYTES, XmlRefused, read

BOMB = """<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><xml><Content>&c;</Content></xml>"""
GOOD = {"ToUserName": "gh_a", "FromUserName": "oA", "CreateTime": "1", "MsgType": "text", "MsgId": "7", "Content": "好"}


def made(**fields):
    return "<xml>" + "".join(f"<{name}>{value}</{name}>" for name, value in fields.items()) + "</xml>"


@pytest.mark.parametrize(("body", "fields"), [
    ("<xml><A>1</A><B><![CDATA[<x>&]]></B></xml>", {"A": "1", "B": "<x>&"}),
    ("<?xml version='1.0' encoding='gbk'?>\n<xml><A>汉</A></xml>", {"A": "汉"}),
    ("\ufeff<xml><A>汉</A></xml>", {"A": "汉"}),
    ("<xml><A/></xml>", {"A": ""}),
    ("<xml></xml>", {}),
    ("<xml><A>a<![CDATA[b]]>c&amp;&#25105;</A></xml>", {"A": "abc&我"}),
    ("<xml><Info><Type>q</Type></Info><A>1</A></xml>", {"Info": "", "A": "1"}),
])
def test_read(body, fields):
    assert read(body.encode()) == fields


@pytest.mark.parametrize(("body", "reason"), [
    (BOMB, "dtd_or_entity"),
    ("<!DOCTYPE xml SYSTEM 'http://127.0.0.1/x.dtd'><xml/>", "dtd_or_entity"),
    ("<!DOCTYPE xml [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><xml><A>&x;</A></xml>", "dtd_or_entity"),
    ("<xml>" + "<a>" * 2000 + "</a>" * 2000 + "</xml>", "too_deep"),
    ("<xml>" + "<a>" * 20000, "too_deep"),
    ("<xml>" + "<a/>" * 2, "repeated_element"),
    ("<xml><b>" + "<a/>" * 600 + "</b></xml>", "too_many_elements"),
    ("<xml><A>" + "x" * MAX_BYTES + "</A></xml>", "too_large"),
    ("", "malformed"), ("<xml>", "malformed"), ("hello", "malformed"), ("<xml></lmx>", "malformed"),
    ("<xml/><xml/>", "malformed"), ("<xml>&unknown;</xml>", "malformed"), ("<xml>\x00</xml>", "malformed"),
    ("<html><A>1</A></html>", "not_a_message"),
    ("<xml><Content>a</Content><FromUserName>o1</FromUserName><FromUserName>o2</FromUserName></xml>", "repeated_element"),
])
def test_refused(body, reason):
    with pytest.raises(XmlRefused) as refused:
        read(body.encode())
    assert str(refused.value) == reason


def test_bytes_that_are_no_text_are_refused():
    with pytest.raises(XmlRefused):
        read(b"<xml><A>\xff\xfe</A></xml>")
    with pytest.raises(XmlRefused):
        read("<xml><A>\ud800</A></xml>")


def test_a_body_just_within_the_limit_is_read():
    body = "<xml><A>" + "x" * (MAX_BYTES - len("<xml><A></A></xml>")) + "</A></xml>"
    assert len(read(body.encode())["A"]) == MAX_BYTES - 18


def test_a_message_has_its_fields():
    message = parse(GOOD)
    assert (message.openid, message.account, message.kind, message.content, message.client_id) == \
        ("oA", "gh_a", "text", "好", "m7")


@pytest.mark.parametrize("change", [
    {"ToUserName": ""}, {"FromUserName": ""}, {"FromUserName": "o A"}, {"FromUserName": "汉"}, {"FromUserName": "o" * 65},
    {"CreateTime": ""}, {"CreateTime": "soon"}, {"CreateTime": "-1"}, {"MsgType": ""}, {"MsgId": "x"}, {"MsgId": "1" * 30},
    {"MsgType": "event"}, {"MsgType": "event", "Event": " "}])
def test_a_message_without_what_every_message_has_is_refused(change):
    with pytest.raises(XmlRefused):
        parse(GOOD | change)


@pytest.mark.parametrize("missing", ["ToUserName", "FromUserName", "CreateTime", "MsgType"])
def test_missing_fields_are_refused(missing):
    with pytest.raises(XmlRefused):
        parse({name: value for name, value in GOOD.items() if name != missing})


def test_events_are_told_apart_by_who_when_and_what():
    base = {"ToUserName": "gh_a", "FromUserName": "oA", "CreateTime": "1", "MsgType": "event", "Event": "CLICK", "EventKey": "a"}
    one = parse(base)
    assert one.client_id == parse(dict(base)).client_id
    assert len(one.client_id) <= 64
    for change in ({"FromUserName": "oB"}, {"CreateTime": "2"}, {"Event": "VIEW"}, {"EventKey": "b"}):
        assert parse(base | change).client_id != one.client_id


def test_a_made_body_is_read():
    assert parse(read(made(**GOOD))).content == "好"
