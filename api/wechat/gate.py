"""One request of the platform → the message in it, and how its answer is to be wrapped; or why it is refused."""

import hashlib
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from api.wechat import signature, xml
from api.wechat.crypto import DecryptError, Key, Keys
from api.wechat.incoming import Incoming, parse
from api.wechat.jobs import Jobs
from api.wechat.replies import SUCCESS, sealed_reply, text_reply
from api.wechat.settings import WechatSettings

JSON = "收到的是 JSON。请在公众号后台“服务器配置”里把数据格式改成 XML。"
UNREADABLE = "请求正文不是公众号的 XML 消息"


class Refused(Exception):
    """No message. `status` 403: who sent it is not who it should be, and hears nothing; 400: ours to read, but not
    readable. `reason` is one word for log and metrics, `detail` Chinese words for who runs the account."""

    def __init__(self, status: int, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True)
class Letter:
    """A message whose sender is checked."""

    incoming: Incoming
    wrap: Callable[[str], str]
    """The body of the answer with this text; "" gives the empty success."""


class Gate:
    """Checks signatures, time, replays; opens envelopes."""

    def __init__(self, settings: WechatSettings, jobs: Jobs, clock: Callable[[], float] = time.time) -> None:
        self._settings = settings
        self._jobs = jobs
        self._keys = Keys(settings.aes_keys, settings.app_id)
        self._clock = clock

    def echo(self, query: Mapping[str, str]) -> str:
        """What the URL check wants to see. Errors: Refused."""
        self._check(query, "signature")
        return query.get("echostr", "")

    async def open(self, query: Mapping[str, str], body: bytes) -> Letter:
        """The message in this request. Errors: Refused."""
        if body.lstrip()[:1] in (b"{", b"["):
            self._check(query, "signature")
            raise Refused(400, "json", JSON)
        if query.get("encrypt_type") == "aes" or "msg_signature" in query:
            try:
                fields = self._read(body)
            except Refused:
                # to the forger not even this: what cannot be read holds no envelope that could be signed
                self._check(query, "msg_signature", "")
                raise
            # both forms in one body (compatible mode) and no key: the plain one will do
            if self._keys or "MsgType" not in fields:
                return self._open_sealed(query, fields)
        elif self._settings.mode == "safe":
            raise Refused(403, "not_encrypted")
        self._check(query, "signature")
        await self._refuse_replay(query, body)
        incoming = self._parse(self._read(body))
        return Letter(incoming, lambda text: self._reply(incoming, text))

    def _open_sealed(self, query: Mapping[str, str], outer: Mapping[str, str]) -> Letter:
        sealed = outer.get("Encrypt", "").strip()
        # not `signature`: that one says nothing about the envelope
        self._check(query, "msg_signature", sealed)
        if not sealed:
            raise Refused(400, "nothing_encrypted", UNREADABLE)
        try:
            plain, key = self._keys.decrypt(sealed)
        except DecryptError:
            raise Refused(403, "not_decrypted") from None
        incoming = self._parse(self._read(plain))
        if outer.get("ToUserName", incoming.account).strip() != incoming.account:
            raise Refused(403, "other_account")
        return Letter(incoming, lambda text: self._sealed_reply(incoming, key, text))

    def _check(self, query: Mapping[str, str], name: str, *parts: str) -> None:
        timestamp, nonce, given = query.get("timestamp", ""), query.get("nonce", ""), query.get(name, "")
        if not signature.matches(given, self._settings.token, timestamp, nonce, *parts):
            raise Refused(403, "forged")
        if not signature.is_fresh(timestamp, self._clock(), self._settings.time_window):
            raise Refused(403, "stale")

    async def _refuse_replay(self, query: Mapping[str, str], body: bytes) -> None:
        """In plain mode the signature covers no body: the first body that it comes with is the only one."""
        name = hashlib.sha256(f"{query['timestamp']}\n{query['nonce']}".encode("utf-8", "surrogatepass")).hexdigest()
        digest = hashlib.sha256(body).hexdigest()
        if await self._jobs.seen(name, digest) != digest:
            raise Refused(403, "replayed")

    def _read(self, body: bytes | str) -> dict[str, str]:
        try:
            return xml.read(body)
        except xml.XmlRefused as error:
            raise Refused(400, str(error), UNREADABLE) from None

    def _parse(self, fields: Mapping[str, str]) -> Incoming:
        try:
            return parse(fields)
        except xml.XmlRefused as error:
            raise Refused(400, str(error), UNREADABLE) from None

    def _reply(self, incoming: Incoming, text: str) -> str:
        return text_reply(incoming.openid, incoming.account, int(self._clock()), text) if text else SUCCESS

    def _sealed_reply(self, incoming: Incoming, key: Key, text: str) -> str:
        # the empty success goes as it is, in safe mode too: that is how the platform wants it
        if not text:
            return SUCCESS
        reply = self._reply(incoming, text)
        return sealed_reply(reply, self._keys, key, self._settings.token, str(int(self._clock())), secrets.token_hex(8))
