"""Long texts in pieces that one WeChat message can hold, cut where a sentence ends."""

import re

# found by trial: the platform does not say, and cuts or refuses what is longer
MAX_BYTES = 2048
HINT = "回复“详细”看全文"

# a sentence ends after these, with closing marks and blanks that still belong to it
_SENTENCE = re.compile(r"(?:[。！？!?；;…]+[”’」』）)》\"']*\s*|\n\s*)")
_CLAUSE = re.compile(r"[，,、：:]\s*|\s+")
# what must not be parted from the character before it: joiners, variation selectors, combining marks
_JOINED = re.compile(r"[\u0300-\u036f\u200d\ufe00-\ufe0f\u20e3\U0001f3fb-\U0001f3ff]")


def size(text: str) -> int:
    """Length in UTF-8 bytes, as the platform counts."""
    return len(text.encode())


def cut(text: str, limit: int = MAX_BYTES) -> tuple[str, str]:
    """(first piece with the hint how to get more, the rest). A text that fits comes back whole, with nothing left.

    The pieces without their hints, joined, are the text again.
    """
    if size(text) <= limit:
        return text, ""
    hint = f"\n\n{HINT}"
    room = limit - size(hint)
    end = _end(text, room)
    return text[:end] + hint, text[end:]


def _end(text: str, room: int) -> int:
    """Where to cut so that at most `room` bytes come before: at a sentence, else at a comma, else between characters."""
    most = len(text.encode()[:room].decode(errors="ignore"))
    for boundary in (_SENTENCE, _CLAUSE):
        ends = [match.end() for match in boundary.finditer(text, 0, most)]
        # not far too early: a heading and then nothing would be a poor first piece
        if ends and size(text[:ends[-1]]) >= room // 2:
            return ends[-1]
    end = most
    while end > 1 and (_JOINED.match(text[end]) or text[end - 1] == "\u200d"):
        end -= 1
    # a row of nothing but such marks is no text: cut it anyhow
    return end if end > 1 else max(most, 1)
