"""`wenbu wechat …` as an operator types it."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from typer.testing import CliRunner

from api.cli import app

runner = CliRunner()


def wenbu(*arguments, **more):
    """Run `wenbu wechat …`; never a stack trace."""
    result = runner.invoke(app, ["wechat", *arguments], **more)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.fixture
def platform(monkeypatch, tmp_path):
    """The platform's API on a port; `heard` is what was asked, `answers` what it says by path."""
    heard, answers = [], {"/cgi-bin/stable_token": {"access_token": "t", "expires_in": 7200},
                          "/cgi-bin/qrcode/create": {"ticket": "T", "url": "http://weixin.qq.com/q/x", "expire_seconds": 86400}}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = self.path.partition("?")[0]
            heard.append((path, json.loads(body) if body else None))
            content = json.dumps(answers.get(path, {"errcode": 0})).encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST

        def log_message(self, *_):
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    for name, value in {"WECHAT_TOKEN": "token", "WECHAT_APP_ID": "wx1", "WECHAT_APP_SECRET": "secret", "DATA_DIR": str(tmp_path),
                        "WECHAT_API_BASE": f"http://127.0.0.1:{server.server_port}"}.items():
        monkeypatch.setenv(f"WENBU_{name}", value)
    yield heard, answers
    server.shutdown()
    thread.join()
    server.server_close()


def test_help_is_chinese():
    text = wenbu("--help").stdout
    for part in ("menu", "qr", "simulate", "菜单"):
        assert part in text


def test_the_menu_goes_to_the_platform(platform):
    heard, _ = platform
    result = wenbu("menu")
    assert result.exit_code == 0, result.stderr
    assert [path for path, _ in heard] == ["/cgi-bin/stable_token", "/cgi-bin/menu/create"]
    assert heard[1][1]["button"][0]["key"].startswith("say:")
    assert "算补贴" in result.stdout
    assert wenbu("menu", "--delete").exit_code == 0
    # the second command found the token that the first has fetched
    assert [path for path, _ in heard[2:]] == ["/cgi-bin/menu/delete"]


def test_a_menu_of_ones_own(platform, tmp_path):
    file = tmp_path / "menu.yml"
    file.write_text("- {name: 官网, url: 'https://a.example'}\n", encoding="utf-8")
    assert json.loads(wenbu("menu", "--file", str(file), "--show").stdout) == {
        "button": [{"type": "view", "name": "官网", "url": "https://a.example"}]}
    assert platform[0] == []
    file.write_text("- {name: 官网}\n", encoding="utf-8")
    result = wenbu("menu", "--file", str(file))
    assert result.exit_code == 1
    assert "第 1 项" in result.stderr


def test_a_code(platform):
    heard, _ = platform
    result = wenbu("qr", "fuwuting-1", "--days", "1")
    assert result.exit_code == 0, result.stderr
    assert heard[1][1]["expire_seconds"] == 86400
    assert "showqrcode?ticket=T" in result.stdout
    assert "86400 秒" in result.stdout
    assert "一直有效" in wenbu("qr", "fuwuting-1", "--permanent").stdout
    for wrong in (("x" * 65,), ("x", "--days", "31")):
        result = wenbu("qr", *wrong)
        assert result.exit_code == 1
        assert "错误" in result.stderr


def test_what_the_platform_refuses_is_said_in_words(platform):
    _, answers = platform
    answers["/cgi-bin/qrcode/create"] = {"errcode": 48001, "errmsg": "api unauthorized"}
    result = wenbu("qr", "x")
    assert result.exit_code == 1
    assert "服务号" in result.stderr
    answers["/cgi-bin/menu/create"] = {"errcode": 40164, "errmsg": "invalid ip"}
    assert "白名单" in wenbu("menu").stderr


def test_without_an_account(monkeypatch):
    assert "WENBU_WECHAT_APP_ID" in wenbu("menu").stderr
    result = wenbu("simulate")
    assert result.exit_code == 1
    assert "export WENBU_WECHAT_TOKEN" in result.stderr
    monkeypatch.setenv("WENBU_WECHAT_AES_KEY", "short")
    assert "43" in wenbu("simulate").stderr


def test_a_wrong_variable_of_the_gateway_is_one_line(platform, monkeypatch):
    monkeypatch.setenv("WENBU_PORT", "many")
    for command in ("menu", "simulate"):
        result = wenbu(command)
        assert result.exit_code == 1
        assert "WENBU_PORT=many" in result.stderr


def test_the_rehearsal_plays_the_api_on_this_machine_only(platform, monkeypatch):
    monkeypatch.setenv("WENBU_WECHAT_CUSTOM_SERVICE", "true")
    monkeypatch.setenv("WENBU_WECHAT_API_BASE", "https://api.weixin.qq.com")
    result = wenbu("simulate")
    assert result.exit_code == 1
    assert "本机" in result.stderr


def test_the_rehearsal_without_a_gateway_says_so(platform, monkeypatch, free_port):
    monkeypatch.setattr("api.wechat.simulator.follower.REPEATS", 0)
    result = wenbu("simulate", "--url", f"http://127.0.0.1:{free_port()}", input="你好\n:退出\n")
    assert "超时" in result.stdout
