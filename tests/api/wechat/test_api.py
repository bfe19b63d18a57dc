"""The platform's API: the token, retries, errors, menu, codes."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from api.clock import now
from api.store import wechat_tokens
from api.store.base import Database
from api.wechat import access_token, menu, qr
from api.wechat.access_token import AccessToken, NoToken
from api.wechat.client import ApiProblem, WechatApi
from tests.api.wechat.playing import API, APP_ID, OPENID, SECRET


@pytest.fixture
async def database(settings):
    database = Database(settings.database)
    yield database
    await database.close()


@pytest.fixture
def processes(api, database):
    """Makes tokens of several processes with one database."""
    client = httpx.AsyncClient(transport=httpx.MockTransport(api))
    return lambda: AccessToken(client, database, API, APP_ID, SECRET)


@pytest.fixture
def client(api, processes):
    return WechatApi(httpx.AsyncClient(transport=httpx.MockTransport(api)), processes(), API)


async def test_one_token_for_all_processes(api, processes):
    tokens = [processes() for _ in range(5)]
    assert set(await asyncio.gather(*(token.get() for token in tokens for _ in range(3)))) == {"token-1"}
    assert [path for path, _, _ in api.calls] == ["/cgi-bin/stable_token"]


async def test_it_is_renewed_before_it_expires(api, processes, database):
    token = processes()
    api.expires_in = 301
    assert await token.get() == "token-1"
    assert await token.get() == "token-1"
    assert len(api.calls) == 1
    token._renew_at = now()
    async with database.session() as session:
        await wechat_tokens.store(session, APP_ID, "token-1", now() + timedelta(minutes=4))
    api.valid = {"token-2"}
    assert await token.get() == "token-2"


async def test_a_process_that_dies_over_the_fetching_holds_nobody_up_for_ever(processes, database, monkeypatch):
    monkeypatch.setattr(access_token, "_LEASE", 0.3)
    async with database.session() as session:
        assert await wechat_tokens.lease(session, APP_ID, 0.2)
        assert not await wechat_tokens.lease(session, APP_ID, 0.2)
    assert await processes().get() == "token-1"


async def test_a_refused_token_is_fetched_anew_once(api, client):
    await client.send_text(OPENID, "一")
    api.valid = {"token-9"}
    await client.send_text(OPENID, "二")
    assert [content for _, content in api.sent] == ["一", "二"]
    assert api.forced == 0


async def test_a_platform_that_refuses_its_own_token_is_asked_for_a_new_one_by_force(api, client):
    await client.send_text(OPENID, "一")
    api.errors = [42001]
    await client.send_text(OPENID, "二")
    assert [content for _, content in api.sent] == ["一", "二"]
    assert api.forced == 1
    api.errors = [40001, 40001]
    with pytest.raises(ApiProblem) as problem:
        await client.send_text(OPENID, "三")
    assert problem.value.code == 40001


async def test_a_busy_platform_is_asked_once_more(api, client):
    api.errors = [-1]
    await client.send_text(OPENID, "一")
    api.errors = [-1, -1]
    with pytest.raises(ApiProblem):
        await client.send_text(OPENID, "二")
    assert [content for _, content in api.sent] == ["一"]


async def test_text_goes_out_as_it_is_not_as_escapes(api, client):
    await client.send_text(OPENID, "汉字😀")
    assert "汉字😀".encode() in api.calls[-1][2]


@pytest.mark.parametrize(("code", "words"), [(48001, "权限"), (40164, "白名单"), (45015, "48 小时"), (99999, "errcode 99999")])
async def test_errors_say_what_to_do(api, client, code, words):
    api.errors = [code]
    with pytest.raises(ApiProblem, match=words):
        await client.send_text(OPENID, "x")


@pytest.mark.parametrize("answer", [
    httpx.Response(500), httpx.Response(200, text="<html>"), httpx.Response(200, json=[]), httpx.Response(200, json={}),
    httpx.Response(200, json={"errcode": 40125, "errmsg": "invalid appsecret"}),
    httpx.Response(200, json={"access_token": "x", "expires_in": "soon"}), httpx.ConnectError("no")])
async def test_without_a_token_nothing_is_sent_and_no_secret_is_told(database, answer):
    async def network(request):
        assert request.url.path == "/cgi-bin/stable_token"
        if isinstance(answer, Exception):
            raise answer
        return answer

    http = httpx.AsyncClient(transport=httpx.MockTransport(network))
    token = AccessToken(http, database, API, APP_ID, SECRET)
    for _ in range(2):
        with pytest.raises(NoToken) as problem:
            await token.get()
        assert SECRET not in str(problem.value)
    with pytest.raises(ApiProblem):
        await WechatApi(http, token, API).send_text(OPENID, "x")


async def test_without_the_database_each_process_asks_for_itself(processes, database, monkeypatch):
    def away():
        raise OSError("no database")
    monkeypatch.setattr(database, "session", away)
    assert await processes().get() == "token-1"


async def test_menu_and_code_are_made(api, client):
    await client.create_menu(menu.load())
    assert api.calls[-1][:2] == ("/cgi-bin/menu/create", menu.load())
    await client.delete_menu()
    assert api.calls[-1][0] == "/cgi-bin/menu/delete"
    answer = await client.create_qr(qr.request("fuwuting-1", 60))
    assert api.calls[-1][1] == {"expire_seconds": 60, "action_name": "QR_STR_SCENE",
                                "action_info": {"scene": {"scene_str": "fuwuting-1"}}}
    assert qr.picture(answer["ticket"]).endswith("ticket=a%2Bticket%2F%3D")


def test_our_menu_keeps_the_limits():
    content = menu.load()
    assert 1 <= len(content["button"]) <= 3
    for entry in content["button"]:
        for button in entry.get("sub_button", [entry]):
            assert len(button["key"].encode()) <= 128


@pytest.mark.parametrize(("entries", "words"), [
    (None, "1 到 3"), ([], "1 到 3"), ([{"name": "a", "say": "b"}] * 4, "1 到 3"), (["a"], "第 1 项"),
    ([{"name": "a", "items": []}], "1 到 5"), ([{"name": "a", "items": [{"name": "b", "say": "c"}] * 6}], "1 到 5"),
    ([{"name": "一二三四五六", "say": "b"}], "name 太长"), ([{"name": "", "say": "b"}], "name 应是文字"),
    ([{"name": "a", "say": "字" * 41 + "ab"}], "say 太长"), ([{"name": "a", "say": "b", "url": "https://x"}], "say 或 url"),
    ([{"name": "a"}], "say 或 url"), ([{"name": "a", "url": "ftp://x"}], "https://"),
    ([{"name": "a", "say": "b", "key": "c"}], "不认识的 key"), ([{"name": 1, "say": "b"}], "name 应是文字"),
    ([{"name": "a", "items": [{"name": "b", "items": []}]}], "第 1 小项")])
def test_a_menu_that_will_not_do_is_refused(entries, words):
    with pytest.raises(menu.MenuError, match=words):
        menu.build(entries)


def test_the_longest_key_is_taken():
    key = menu.build([{"name": "一二三四五", "say": "字" * 41 + "a"}])["button"][0]["key"]
    assert len(key.encode()) == 128


def test_a_menu_file_that_is_none(tmp_path):
    file = tmp_path / "menu.yml"
    with pytest.raises(menu.MenuError, match="读不了"):
        menu.load(file)
    file.write_bytes(b"\xff")
    with pytest.raises(menu.MenuError, match="UTF-8"):
        menu.load(file)
    file.write_text("a: [")
    with pytest.raises(menu.MenuError, match="YAML"):
        menu.load(file)


@pytest.mark.parametrize(("scene", "seconds"), [("", 60), ("x" * 65, 60), (" x", 60), ("a\nb", 60), ("x", 0), ("x", 2_592_001)])
def test_codes_out_of_bounds_are_refused(scene, seconds):
    with pytest.raises(qr.QrError):
        qr.request(scene, seconds)


def test_codes_within_bounds():
    assert qr.request("x" * 64, 2_592_000)["expire_seconds"] == 2_592_000
    assert qr.request("x", None)["action_name"] == "QR_LIMIT_STR_SCENE"
