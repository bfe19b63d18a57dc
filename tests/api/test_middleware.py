"""Every answer has its id and its headers, whatever happens."""

import json

import pytest

CSP = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
       "base-uri 'none'; form-action 'none'; frame-ancestors 'self'")


@pytest.mark.parametrize("path", ["/", "/healthz", "/api/v1/regions", "/no-such-page", "/api/v1/documents/none"])
async def test_the_security_headers_are_on_every_answer(client, path):
    headers = (await client.get(path)).headers
    assert headers["content-security-policy"] == CSP
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


async def test_a_request_id_is_kept_when_it_is_a_plain_word_and_made_otherwise(client):
    kept = await client.get("/healthz", headers={"X-Request-ID": "abc-12345678"})
    assert kept.headers["x-request-id"] == "abc-12345678"
    made = await client.get("/healthz", headers={"X-Request-ID": 'x"}{"evil": 1'})
    assert len(made.headers["x-request-id"]) == 32


async def test_an_unexpected_error_is_a_plain_500_with_the_id(client, app, monkeypatch, capsys):
    monkeypatch.setattr(app.state.wenbu, "kb", None)
    answer = await client.get("/api/v1/regions")
    assert answer.status_code == 500
    assert answer.json() == {"detail": "服务出错了,请稍后再试", "request_id": answer.headers["x-request-id"]}
    assert answer.headers["content-security-policy"] == CSP
    logged = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    trace = next(line for line in logged if line["event"] == "unexpected_error")
    assert trace["request_id"] == answer.headers["x-request-id"]
    assert "locals" not in json.dumps(trace)


async def test_a_body_that_is_too_large_is_refused(client):
    answer = await client.post("/api/v1/chat", content=b"x" * (65 * 1024))
    assert answer.status_code == 413
    assert answer.json() == {"detail": "请求正文太大"}

    async def chunks():
        for _ in range(80):
            yield b" " * 1024

    assert (await client.post("/api/v1/eligibility", content=chunks())).status_code == 413


async def test_requests_are_counted_by_pattern_not_by_path(client):
    await client.get("/api/v1/documents/one")
    await client.get("/api/v1/documents/two")
    text = (await client.get("/metrics")).text
    assert 'wenbu_requests_total{method="GET",route="/api/v1/documents/{document_id}",status="404"} 2.0' in text


async def test_a_request_is_one_line_of_json_in_the_log(client, capsys):
    await client.get("/api/v1/regions?secret=1")
    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert line["event"] == "request"
    assert line["route"] == "/api/v1/regions"
    assert line["status"] == 200
    assert "secret" not in json.dumps(line)
