"""The encrypted envelope: AES-256-CBC over 16 random bytes, the length, the message and the app id."""

import base64
import binascii
import hmac
import os
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

# the platform pads to the key's length, not to the cipher's block
_BLOCK = 32
_RANDOM = 16


class DecryptError(Exception):
    """No key opens the envelope, or what is in it is for another account."""


class Key:
    """One EncodingAESKey (43 characters)."""

    def __init__(self, encoding_aes_key: str) -> None:
        self._key = base64.b64decode(encoding_aes_key + "=")

    def _cipher(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))

    def encrypt(self, message: str, app_id: str) -> str:
        """The message in an envelope for this app, as base64."""
        content = message.encode()
        plain = os.urandom(_RANDOM) + struct.pack("!I", len(content)) + content + app_id.encode()
        padding = _BLOCK - len(plain) % _BLOCK
        encryptor = self._cipher().encryptor()
        sealed = encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()
        return base64.b64encode(sealed).decode()

    def decrypt(self, sealed: str, app_id: str) -> str:
        """The message in an envelope. Errors: DecryptError, whatever is wrong with it."""
        try:
            content = base64.b64decode(sealed, validate=True)
        except (binascii.Error, ValueError):
            raise DecryptError("not base64") from None
        if not content or len(content) % 16:
            raise DecryptError("not whole blocks")
        decryptor = self._cipher().decryptor()
        plain = decryptor.update(content) + decryptor.finalize()
        padding = plain[-1]
        if not 1 <= padding <= _BLOCK or plain[-padding:] != bytes([padding]) * padding:
            raise DecryptError("padding")
        plain = plain[_RANDOM:-padding]
        if len(plain) < 4:
            raise DecryptError("too short")
        end = 4 + struct.unpack("!I", plain[:4])[0]
        if end > len(plain):
            raise DecryptError("length")
        if not hmac.compare_digest(plain[end:], app_id.encode()):
            raise DecryptError("for another app id")
        try:
            return plain[4:end].decode()
        except UnicodeDecodeError:
            raise DecryptError("not UTF-8") from None


class Keys:
    """The current key and the previous one: for a while after a change messages come with either."""

    def __init__(self, encoding_aes_keys: list[str], app_id: str) -> None:
        self._keys = [Key(one) for one in encoding_aes_keys]
        self._app_id = app_id

    def __bool__(self) -> bool:
        return bool(self._keys)

    def decrypt(self, sealed: str) -> tuple[str, Key]:
        """The message and the key that opened it, to answer with. Errors: DecryptError."""
        problems = []
        for key in self._keys:
            try:
                return key.decrypt(sealed, self._app_id), key
            except DecryptError as error:
                problems.append(str(error))
        raise DecryptError("; ".join(problems) or "no key")

    def encrypt(self, message: str, key: Key) -> str:
        """The message in an envelope of our app, closed with this key."""
        return key.encrypt(message, self._app_id)
