"""A message or event from the platform, as a value."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from api.wechat.xml import XmlRefused

_NAME = re.compile(r"[\x21-\x7e]{1,64}")
_NUMBER = re.compile(r"\d{1,20}", re.ASCII)


@dataclass(frozen=True)
class Incoming:
    """What a follower sent or did. Fields that this kind does not have are empty."""

    account: str
    openid: str
    created: int
    kind: str
    message_id: str
    event: str
    event_key: str
    content: str
    recognition: str
    label: str

    @property
    def client_id(self) -> str:
        """The same for each repeat of this message, different for any other of this follower; at most 64 characters.

        Messages carry a MsgId. Events do not: for them it is who, when and what, where the key is part of the what
        (two menu entries touched within one second are two events).
        """
        if self.message_id:
            return f"m{self.message_id}"
        what = "\n".join((self.openid, str(self.created), self.kind, self.event, self.event_key))
        return "e" + hashlib.sha256(what.encode("utf-8", "surrogatepass")).hexdigest()[:40]

    @property
    def key(self) -> str:
        """Like `client_id`, different between followers too."""
        return f"{self.openid}:{self.client_id}"


def parse(fields: Mapping[str, str]) -> Incoming:
    """The message in these fields. Errors: XmlRefused when one that every message has is missing or odd."""
    message_id = fields.get("MsgId", fields.get("MsgID", "")).strip()
    created = fields.get("CreateTime", "").strip()
    kind = fields.get("MsgType", "").strip().lower()
    account, openid = fields.get("ToUserName", "").strip(), fields.get("FromUserName", "").strip()
    if not _NAME.fullmatch(account) or not _NAME.fullmatch(openid):
        raise XmlRefused("no_names")
    if not _NUMBER.fullmatch(created):
        raise XmlRefused("no_create_time")
    if not kind or (message_id and not _NUMBER.fullmatch(message_id)):
        raise XmlRefused("no_kind")
    event = fields.get("Event", "").strip().lower() if kind == "event" else ""
    if kind == "event":
        if not event:
            raise XmlRefused("no_event")
        # some events (a finished broadcast) carry the number of something else under this name
        message_id = ""
    return Incoming(
        account=account, openid=openid, created=int(created), kind=kind, message_id=message_id, event=event,
        event_key=fields.get("EventKey", "").strip(), content=fields.get("Content", ""),
        recognition=fields.get("Recognition", ""), label=fields.get("Label", ""))
