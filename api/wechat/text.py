"""Characters that a WeChat text may hold."""

import re

# C0 and C1 controls but tab and newline, lone surrogates, the last two places of each plane
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff" + "".join(
    f"{chr(plane << 16 | 0xFFFE)}-{chr(plane << 16 | 0xFFFF)}" for plane in range(17)) + "]")


def clean(text: str) -> str:
    """The text without what XML cannot carry: control characters, lone surrogates, non-characters. Newlines are \\n."""
    return _UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
