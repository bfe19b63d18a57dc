"""XML from outside, read safely: no DTD, no entities, bounded in size, depth and number of elements."""

from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

MAX_BYTES = 64 * 1024
# the deepest message of the platform (pictures chosen from a menu) has five levels
MAX_DEPTH = 8
# articles and picture lists come to a few dozen
MAX_ELEMENTS = 500


class XmlRefused(Exception):
    """The body is no message that we read; the text says why, in one word for the log."""


def read(body: bytes | str) -> dict[str, str]:
    """The texts of the elements right below the root, by name; what is nested deeper is left out.

    Errors: XmlRefused for anything that is not a small, plain, well-formed document.
    """
    if isinstance(body, bytes):
        if len(body) > MAX_BYTES:
            raise XmlRefused("too_large")
        try:
            body = body.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise XmlRefused("not_utf8") from None
    elif len(body.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise XmlRefused("too_large")
    # fed as text, so that an encoding declared inside changes nothing
    parser = DefusedXMLParser(target=_Flat(), forbid_dtd=True, forbid_entities=True, forbid_external=True)
    try:
        parser.feed(body)
        return parser.close()
    except DefusedXmlException:
        raise XmlRefused("dtd_or_entity") from None
    except (ParseError, ValueError):
        # ValueError: text that has no encoding (lone surrogates)
        raise XmlRefused("malformed") from None


class _Flat:
    """What the parser reports, reduced to the children of the root as it comes: no tree is ever built."""

    def __init__(self) -> None:
        self._depth = 0
        self._elements = 0
        self._name = ""
        self._pieces: list[str] = []
        self._fields: dict[str, str] = {}

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        """An element opens."""
        self._depth += 1
        self._elements += 1
        if self._depth > MAX_DEPTH:
            raise XmlRefused("too_deep")
        if self._elements > MAX_ELEMENTS:
            raise XmlRefused("too_many_elements")
        if self._depth == 1 and tag != "xml":
            raise XmlRefused("not_a_message")
        if self._depth == 2:
            if tag in self._fields:
                # which of the two would count is anybody's guess
                raise XmlRefused("repeated_element")
            self._name, self._pieces = tag, []

    def data(self, text: str) -> None:
        """Text, in pieces."""
        if self._depth == 2:
            self._pieces.append(text)

    def end(self, _tag: str) -> None:
        """An element closes."""
        if self._depth == 2:
            self._fields[self._name] = "".join(self._pieces)
        self._depth -= 1

    def close(self) -> dict[str, str]:
        """The result."""
        return self._fields
