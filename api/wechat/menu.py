"""The account's menu: from our data file to what the platform's API takes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from api.wechat.talk import SAY

FILE = Path(__file__).parent / "menu.yml"

MAX_ENTRIES = 3
MAX_ITEMS = 5
# bytes in UTF-8, as the platform counts
MAX_NAME = 16
MAX_ITEM_NAME = 60
MAX_KEY = 128
MAX_URL = 1024


class MenuError(ValueError):
    """The data file will not do; the message (Chinese) says where and what is allowed."""


def load(path: Path = FILE) -> dict[str, Any]:
    """The menu of this file, for `menu/create`. Errors: MenuError."""
    try:
        return build(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise MenuError(f"{path} 读不了({error.strerror})") from None
    except UnicodeDecodeError:
        raise MenuError(f"{path} 不是 UTF-8 编码") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise MenuError(f"{path}{f' 第 {mark.line + 1} 行' if mark else ''} 不是有效的 YAML") from None


def build(entries: Any) -> dict[str, Any]:
    """The menu of these entries. Errors: MenuError."""
    if not isinstance(entries, list) or not 1 <= len(entries) <= MAX_ENTRIES:
        raise MenuError(f"菜单应是 1 到 {MAX_ENTRIES} 项的列表")
    return {"button": [_entry(entry, f"第 {number} 项") for number, entry in enumerate(entries, 1)]}


def _entry(entry: Any, where: str) -> dict[str, Any]:
    if isinstance(entry, Mapping) and "items" in entry:
        _only(entry, {"name", "items"}, where)
        items = entry["items"]
        if not isinstance(items, list) or not 1 <= len(items) <= MAX_ITEMS:
            raise MenuError(f"{where}的 items 应是 1 到 {MAX_ITEMS} 项的列表")
        return {"name": _text(entry, "name", MAX_NAME, where),
                "sub_button": [_button(item, f"{where}的第 {number} 小项", MAX_ITEM_NAME)
                               for number, item in enumerate(items, 1)]}
    return _button(entry, where, MAX_NAME)


def _button(item: Any, where: str, most: int) -> dict[str, Any]:
    if not isinstance(item, Mapping) or ("say" in item) == ("url" in item):
        raise MenuError(f"{where}应有 name,再加 say 或 url 中的一个")
    name = _text(item, "name", most, where)
    if "say" in item:
        _only(item, {"name", "say"}, where)
        return {"type": "click", "name": name, "key": SAY + _text(item, "say", MAX_KEY - len(SAY), where)}
    _only(item, {"name", "url"}, where)
    url = _text(item, "url", MAX_URL, where)
    if not url.startswith(("https://", "http://")):
        raise MenuError(f"{where}的 url 应以 https:// 或 http:// 开头")
    return {"type": "view", "name": name, "url": url}


def _text(item: Mapping[str, Any], field: str, most: int, where: str) -> str:
    text = item.get(field)
    if not isinstance(text, str) or not text.strip():
        raise MenuError(f"{where}的 {field} 应是文字")
    if len(text.encode()) > most:
        raise MenuError(f"{where}的 {field} 太长:最多 {most} 个字节(约 {most // 3} 个汉字)")
    return text.strip()


def _only(item: Mapping[str, Any], allowed: set[str], where: str) -> None:
    unknown = set(item) - allowed
    if unknown:
        raise MenuError(f"{where}有不认识的 {'、'.join(map(str, sorted(unknown, key=str)))},能写的是 {'、'.join(sorted(allowed))}")
