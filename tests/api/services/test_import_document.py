"""Import: all or nothing, the same again changes nothing."""

from types import SimpleNamespace

import pytest

from api.services.import_document import ImportRefused, decode, import_official_text, store_official_text
from api.services.official_text import OfficialTextError
from api.settings import Settings
from api.store import official_texts as stored_texts
from api.store.base import Database

TEXT = "某府发〔2020〕3号\n通知如下。\n一、目标\n今年培训一千人。\n二、补贴\n每人五百元。\n某市人民政府\n2020年3月1日\n"


@pytest.fixture
def kb():
    """A knowledge base that knows one small document."""
    document = SimpleNamespace(number="某府发〔2020〕3号", clauses={"一": None, "二": None})
    return SimpleNamespace(documents={"x-2020-3": document})


@pytest.fixture
async def database(settings):
    database = Database(settings.database)
    yield database
    await database.close()


async def stored(database):
    async with database.session() as session:
        row = await stored_texts.find(session, "x-2020-3")
    return {clause.clause: clause.text for clause in row.clauses} if row else None


async def test_a_text_is_stored_and_the_same_again_changes_nothing(tmp_path, kb, database):
    path = tmp_path / "x.txt"
    path.write_text(TEXT, encoding="utf-8")
    first = await store_official_text(path, kb, database)
    assert (first.outcome, first.clauses) == ("imported", 2)
    assert await stored(database) == {"一": "今年培训一千人。", "二": "每人五百元。"}
    async with database.session() as session:
        imported_at = (await stored_texts.find(session, "x-2020-3")).imported_at
    assert (await store_official_text(path, kb, database)).outcome == "unchanged"
    async with database.session() as session:
        assert (await stored_texts.find(session, "x-2020-3")).imported_at == imported_at


async def test_a_changed_text_takes_the_place_of_the_old(tmp_path, kb, database):
    path = tmp_path / "x.txt"
    path.write_text(TEXT, encoding="utf-8")
    await store_official_text(path, kb, database)
    path.write_text(TEXT.replace("五百元", "六百元"), encoding="utf-8")
    assert (await store_official_text(path, kb, database)).outcome == "replaced"
    assert (await stored(database))["二"] == "每人六百元。"


async def test_a_knowledge_base_that_names_clauses_anew_splits_the_same_text_anew(tmp_path, kb, database):
    path = tmp_path / "x.txt"
    path.write_text(TEXT, encoding="utf-8")
    await store_official_text(path, kb, database)
    kb.documents["x-2020-3"].clauses = {"前言": None, "一": None, "二": None}
    assert (await store_official_text(path, kb, database)).outcome == "replaced"
    assert set(await stored(database)) == {"前言", "一", "二"}


async def test_a_text_that_cannot_be_split_leaves_the_old_as_it_was(tmp_path, kb, database):
    path = tmp_path / "x.txt"
    path.write_text(TEXT, encoding="utf-8")
    await store_official_text(path, kb, database)
    path.write_text(TEXT.replace("二、补贴\n", ""), encoding="utf-8")
    with pytest.raises(OfficialTextError):
        await store_official_text(path, kb, database)
    assert (await stored(database))["二"] == "每人五百元。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_file_is_read_in_its_encoding(encoding):
    assert decode(TEXT.encode(encoding)) == TEXT


def test_bytes_that_are_no_text_are_refused_with_the_line():
    with pytest.raises(OfficialTextError) as refused:
        decode("一行\n".encode() + b"\xff\xff\x00")
    assert refused.value.problems[0][0] == 2


def test_the_command_imports_into_the_database_of_the_settings(tmp_path, official_texts):
    settings = Settings(data_dir=tmp_path, secret_key="x")
    for path in sorted(official_texts.glob("*.txt")):
        assert "已导入" in str(import_official_text(path, settings))
        assert "没有变化" in str(import_official_text(path, settings))


def test_the_command_says_in_words_why_not(tmp_path):
    path = tmp_path / "x.txt"
    path.write_text("没有文号", encoding="utf-8")
    with pytest.raises(ImportRefused, match="第 1 行"):
        import_official_text(path, Settings(data_dir=tmp_path, secret_key="x"))
    with pytest.raises(ImportRefused, match="none.txt"):
        import_official_text(tmp_path / "none.txt", Settings(data_dir=tmp_path, secret_key="x"))
