"""Passive replies: the XML that goes back in the answer to the platform's request."""

from api.wechat.crypto import Key, Keys
from api.wechat.signature import sign
from api.wechat.text import clean

# "nothing to say now": the platform neither repeats the message nor tells the person that we are broken
SUCCESS = "success"


def cdata(text: str) -> str:
    """The text as character data that ends where it should: `]]>` is parted between two sections."""
    return f"<![CDATA[{clean(text).replace(']]>', ']]]]><![CDATA[>')}]]>"


def text_reply(to: str, sender: str, created: int, text: str) -> str:
    """A text for the follower `to` from the account `sender`; `created` in seconds since 1970."""
    return (f"<xml><ToUserName>{cdata(to)}</ToUserName><FromUserName>{cdata(sender)}</FromUserName>"
            f"<CreateTime>{created}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content>{cdata(text)}</Content></xml>")


def sealed_reply(reply: str, keys: Keys, key: Key, token: str, timestamp: str, nonce: str) -> str:
    """The reply in an envelope closed with the key that opened the question."""
    encrypted = keys.encrypt(reply, key)
    signature = sign(token, timestamp, nonce, encrypted)
    return (f"<xml><Encrypt>{cdata(encrypted)}</Encrypt><MsgSignature>{cdata(signature)}</MsgSignature>"
            f"<TimeStamp>{timestamp}</TimeStamp><Nonce>{cdata(nonce)}</Nonce></xml>")
