"""Who sent it: SHA-1 over the sorted parts, compared in constant time, and a time window.

The hash is the platform's choice. It is a check of a shared secret, not of the body (in plain mode): see gate.py.
"""

import hashlib
import hmac
import re

# seconds since 1970, as the platform writes them
_TIMESTAMP = re.compile(r"\d{1,12}", re.ASCII)


def sign(token: str, *parts: str) -> str:
    """The signature of these parts: 40 hex digits, whatever the order of the parts."""
    joined = "".join(sorted((token, *parts)))
    # usedforsecurity: the platform leaves no choice, and a strict OpenSSL refuses SHA-1 otherwise
    return hashlib.sha1(joined.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def matches(given: str, token: str, *parts: str) -> bool:
    """Whether the signature is the one of these parts; takes the same time wherever it differs."""
    expected = sign(token, *parts)
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "surrogatepass"))


def is_fresh(timestamp: str, moment: float, window: float) -> bool:
    """Whether a timestamp is at most `window` seconds off `moment` (seconds since 1970), either way."""
    return bool(_TIMESTAMP.fullmatch(timestamp)) and abs(int(timestamp) - moment) <= window
