"""A real gateway on a port of its own, with a Rasa of a few lines, and Debian's Chromium."""

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import uvicorn

import policies_kb
from api.main import create_app
from api.settings import Settings
from api.store import migrate
from tests.figures import figure

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PER_DAY = figure("qujing-2019-112", "living_per_day")
CITATION = {"document": "qujing-2019-112", "number": "曲政办发〔2019〕112号", "clause": "十八", "title": "培训期间生活费补贴"}
FACTS = {"categories": ["disabled"], "training_days": 40}


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
        if message.startswith("哪类人"):
            titles = ("残疾人", "退役军人", "脱贫劳动力", "都不是", "不知道")
            return {"text": "您是下面哪类人?", "multiple": True,
                    "buttons": [{"title": title, "payload": title} for title in titles]}
        if message.startswith("测算结果"):
            return {"text": "算好了。", "card": self.card, "citations": [CITATION], "finished": True, "facts": FACTS}
        if message == "帮我测算":
            return [{"text": "好,问您几件事。"}, self.reply("/start_check")]
        if message.startswith("长"):
            return {"text": "很长的回答。\n" * 60}
        if "人工" in message:
            return {"text": "好,给您转人工。", "handoff": True, "reason": "asked",
                    "state": {"region": "qujing", "facts": FACTS, "topic": None, "check": None}}
        return {"text": f"收到:{message}\n每人每天{PER_DAY}元。", "citations": [CITATION],
                "buttons": [{"title": "开始资格测算", "payload": "/start_check"}]}


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.heard.append(sent["message"])
        time.sleep(self.server.delay)
        reply = self.server.reply(sent["message"])
        body = json.dumps([{"custom": one} for one in (reply if isinstance(reply, list) else [reply])]).encode()
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
    server.card = policies_kb.assess(kb, region="qujing", facts=FACTS, as_of=date(2020, 6, 1)).to_dict()
    yield server
    server.shutdown()


@pytest.fixture(scope="session")
def wenbu(tmp_path_factory):
    """Runs a `wenbu` command on the gateway's database and gives what it says."""
    folder = tmp_path_factory.mktemp("gateway")

    def run(*words, told=""):
        done = subprocess.run(
            [sys.executable, "-m", "api.cli", *words], cwd=ROOT, input=told, capture_output=True, text=True,
            env={**os.environ, "WENBU_DATA_DIR": str(folder)})
        assert done.returncode == 0, done.stderr
        return done.stdout

    run.folder = folder
    return run


@pytest.fixture(scope="session")
def gateway(rasa, wenbu):
    """The address of the running gateway, its pages built from the sources as they are."""
    subprocess.run([sys.executable, ROOT / "scripts" / "web.py", "--dev"], check=True)
    settings = Settings(data_dir=wenbu.folder, secret_key="for tests only", rasa_port=rasa.server_address[1],
                        log_level="CRITICAL", conversation_limit="10000/minute")
    migrate.upgrade(settings.database)
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(settings), log_level="critical", timeout_graceful_shutdown=1))
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
def new_page(browser, rasa):
    """Makes pages; an error in a script of theirs fails the test, unless it is what the test looks at (`page.errors`)."""
    rasa.heard.clear()
    rasa.delay = 0.0
    contexts, pages = [], []

    def make(width=360, height=740, touch=False, **options):
        context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN", has_touch=touch, **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("console", lambda message: page.errors.append(message.text)
                if message.type == "error" and "Failed to load resource" not in message.text else None)
        pages.append(page)
        return page

    yield make
    for context in contexts:
        context.close()
    assert [page.errors for page in pages if page.errors] == []


@pytest.fixture
def page(new_page, gateway):
    """The gateway's own page on a phone of 360 by 740."""
    page = new_page(touch=True)
    page.goto(gateway)
    page.wait_for_selector(".greeting .bubble:text('您好')")
    return page


@pytest.fixture
def desktop(new_page, gateway):
    """The gateway's own page on a desk."""
    page = new_page(1280, 800)
    page.goto(gateway)
    page.wait_for_selector(".greeting .bubble:text('您好')")
    return page
