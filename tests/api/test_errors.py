"""Errors in one form, in Chinese."""


async def test_an_unknown_address(client):
    answer = await client.get("/api/v1/nothing")
    assert (answer.status_code, answer.json()) == (404, {"detail": "没有这个地址"})


async def test_a_wrong_method(client):
    answer = await client.get("/api/v1/chat")
    assert (answer.status_code, answer.json()) == (405, {"detail": "这个地址不接受这种请求方法"})


async def test_an_unknown_id_tells_what_exists(client, kb):
    answer = await client.get("/api/v1/documents/none")
    assert answer.status_code == 404
    assert answer.json()["available"] == list(kb.documents)
    assert "没有文件“none”" in answer.json()["detail"]


async def test_a_long_name_is_not_sent_back_whole(client):
    assert len((await client.get("/api/v1/documents/" + "x" * 5000)).json()["detail"]) < 500
