"""Our assistant at play: which gateway is asked, how, and what of its answer is judged."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

import policies_kb
from tests.eval import players
from tests.eval.players import WECHAT_BYTES, short
from tests.ports import free_ports


@pytest.fixture(scope="module")
def kb():
    return policies_kb.load_knowledge_base()


@pytest.fixture
def gateway(kb, monkeypatch):
    """A gateway that repeats what it is told, at the usual address; ``version`` is its knowledge base's."""

    class Gateway(BaseHTTPRequestHandler):
        version, ready, told = kb.version, 200, []

        def do_GET(self):
            self.send_response(self.ready)
            self.end_headers()

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            Gateway.told.append(body)
            answer = {"kb_version": self.version} if "facts" in body else {
                "messages": [{"text": body["message"], "buttons": [{"title": "按钮"}]}, {"text": "再说一句"}]}
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *_):
            """Silent."""

    server = HTTPServer(("127.0.0.1", 0), Gateway)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("WENBU_PORT", str(server.server_port))
    monkeypatch.delenv("WENBU_HOST", raising=False)
    yield Gateway
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_running_gateway_is_asked_turn_by_turn_by_one_person(kb, gateway):
    with players.assistant(kb) as ask:
        assert ask(["一", "二"]) == "二\n再说一句"
    said = [body for body in gateway.told if "message" in body]
    assert [body["message"] for body in said] == ["一", "二"]
    assert len({body["sender"] for body in said}) == 1


def test_a_gateway_with_other_data_or_not_ready_is_left_alone(kb, gateway, capsys):
    gateway.version = "old"
    assert players.running_gateway(kb) is None
    assert "知识库" in capsys.readouterr().out
    gateway.version, gateway.ready = kb.version, 503
    assert players.running_gateway(kb) is None


def test_no_gateway(kb, monkeypatch):
    monkeypatch.setenv("WENBU_PORT", str(free_ports(1)[0]))
    assert players.running_gateway(kb) is None


def test_directly_the_conversation_carries_over(kb):
    region = next(iter(kb.regions.values())).short_name
    with players.assistant(kb, direct=True) as ask:
        assert ask([f"{region}生活费一天多少", "你好"]) == ask(["你好"])
        assert ask([region, "生活费一天多少"]) == ask([f"{region}生活费一天多少"])


def test_a_reply_is_cut_as_by_wechat():
    assert short("一句短话") == "一句短话"
    long = "补" * 1000
    assert short(long) == "补" * (WECHAT_BYTES // 3)
    assert len(short("x" + long).encode()) <= WECHAT_BYTES
