"""Messages as the platform sends them, and our answers as it reads them."""

import secrets
import time
from dataclasses import dataclass, field

from api.wechat import xml
from api.wechat.crypto import Key
from api.wechat.replies import SUCCESS, cdata
from api.wechat.settings import WechatSettings
from api.wechat.signature import matches, sign

ACCOUNT = "gh_simulated"


class BadReply(Exception):
    """An answer that the platform would not take; the text (Chinese) says why."""


@dataclass(frozen=True)
class Signed:
    """One HTTP request to the gateway."""

    query: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Message:
    """One message or event; `fields` beside those that all have."""

    openid: str
    kind: str
    fields: dict[str, str]
    created: int = field(default_factory=lambda: int(time.time()))

    def xml(self) -> str:
        """The message in plain form."""
        parts = {"ToUserName": ACCOUNT, "FromUserName": self.openid, "MsgType": self.kind, **self.fields}
        inner = "".join(f"<{name}>{cdata(value)}</{name}>" for name, value in parts.items())
        return f"<xml>{inner}<CreateTime>{self.created}</CreateTime></xml>"


def text(openid: str, content: str) -> Message:
    """A text message with a number of its own."""
    return Message(openid, "text", {"Content": content, "MsgId": str(secrets.randbits(62))})


def event(openid: str, name: str, key: str = "") -> Message:
    """An event: subscribe, unsubscribe, SCAN, CLICK …"""
    return Message(openid, "event", {"Event": name, "EventKey": key})


class Platform:
    """Signs and encrypts with the account's own settings; each repeat gets a new signature, as from the platform."""

    def __init__(self, settings: WechatSettings, encrypted: bool) -> None:
        self._token = settings.token
        self._app_id = settings.app_id
        self._key = Key(settings.aes_key) if encrypted else None

    def request(self, message: Message) -> Signed:
        """The HTTP request for this message, signed now."""
        timestamp, nonce = str(int(time.time())), secrets.token_hex(8)
        query = {"signature": sign(self._token, timestamp, nonce), "timestamp": timestamp, "nonce": nonce,
                 "openid": message.openid}
        body = message.xml()
        if self._key is not None:
            sealed = self._key.encrypt(body, self._app_id)
            query |= {"encrypt_type": "aes", "msg_signature": sign(self._token, timestamp, nonce, sealed)}
            body = f"<xml><ToUserName>{cdata(ACCOUNT)}</ToUserName><Encrypt>{cdata(sealed)}</Encrypt></xml>"
        return Signed(query, body.encode())

    def read(self, message: Message, body: str) -> str:
        """The text of an answer; "" for the empty success. Errors: BadReply."""
        if body in ("", SUCCESS):
            return ""
        try:
            fields = xml.read(body)
            if self._key is not None:
                sealed = fields.get("Encrypt", "")
                if not matches(fields.get("MsgSignature", ""), self._token, fields.get("TimeStamp", ""),
                               fields.get("Nonce", ""), sealed):
                    raise BadReply("回复的签名不对")
                fields = xml.read(self._key.decrypt(sealed, self._app_id))
        except BadReply:
            raise
        except Exception as error:
            raise BadReply(f"回复读不了({error})") from None
        if fields.get("ToUserName") != message.openid or fields.get("FromUserName") != ACCOUNT:
            raise BadReply("回复的收发人不对")
        if fields.get("MsgType") != "text" or not fields.get("Content"):
            raise BadReply("回复不是文字消息")
        if len(fields["Content"].encode()) > 2048:
            raise BadReply("回复超过 2048 字节")
        return fields["Content"]
