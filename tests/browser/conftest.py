"""A real gateway on a port of its own, with a Rasa of a few lines, and Debian's Chromium."""

import json
import os
import shutil
import socket
import threading
import time
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import uvicorn

import policies_kb
from api.main import create_app
from api.settings import Settings
from api.store import migrate
from tests.figures import figure

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PER_DAY = figure("qujing-2019-112", "living_per_day")
CITATION = {"document": "qujing-2019-112", "number": "曲政办发〔2019〕112号", "clause": "十八", "title": "培训期间生活费补贴"}


class ScriptedRasa(ThreadingHTTPServer):
    """Answers by the first words of a message; `heard` is what it was sent."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.heard = []
        self.delay = 0.0
        self.card = None
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def reply(self, message):
        if message == "/start_check":
            choices = [{"title": "农村", "payload": "/answer{\"hukou\":\"rural\"}"}, {"title": "城镇", "payload": "城镇"}]
            return {"text": "您是哪里的户口?", "buttons": choices}
        if message.startswith("测算结果"):
            return {"text": "算好了。", "card": self.card, "citations": [CITATION]}
        if message.startswith("长"):
            return {"text": "很长的回答。\n" * 60}
        return {"text": f"收到:{message}\n每人每天{PER_DAY}元。", "citations": [CITATION],
                "buttons": [{"title": "开始资格测算", "payload": "/start_check"}]}


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.heard.append(sent["message"])
        time.sleep(self.server.delay)
        body = json.dumps([{"custom": self.server.reply(sent["message"])}]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Nothing on the terminal."""


@pytest.fixture(scope="session")
def rasa():
    """The scripted Rasa."""
    server = ScriptedRasa()
    kb = policies_kb.load_knowledge_base()
    facts = {"categories": ["disabled"], "training_days": 40}
    server.card = policies_kb.assess(kb, region="qujing", facts=facts, as_of=date(2020, 6, 1)).to_dict()
    yield server
    server.shutdown()


@pytest.fixture(scope="session")
def gateway(rasa, tmp_path_factory):
    """The address of the running gateway."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("gateway"), secret_key="for tests only",
                        rasa_port=rasa.server_address[1], log_level="ERROR")
    migrate.upgrade(settings.database)
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(settings), log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture(scope="module")
def browser():
    """Chromium without a window. Not for the session: while Playwright runs, no async test can."""
    if CHROMIUM is None:
        # CI installs it (scripts/chromium.sh): there a missing browser is a failure, not a reason to look away
        (pytest.fail if os.environ.get("CI") else pytest.skip)("没有装 chromium")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser, gateway, rasa):
    """The chat page as a phone of 360 by 740 shows it; an error in its script fails the test."""
    rasa.heard.clear()
    rasa.delay = 0.0
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN", has_touch=True)
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text)
            if message.type == "error" and "Failed to load resource" not in message.text else None)
    page.goto(gateway)
    yield page
    context.close()
    assert errors == []
