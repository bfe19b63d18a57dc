"""In a page of somebody else: a strict policy, styles that would spoil ours, and sites that are not listed."""

import gzip
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.browser.using import ask, said, settled, write

ROOT = Path(__file__).resolve().parents[2]
WIDGET = ROOT / "web" / "dist" / "widget.js"
HOSTILE = """
* { color: red !important; font-size: 9px !important; letter-spacing: 9px; text-transform: uppercase; }
button, textarea, div, section { display: none !important; }
html { font-size: 3px; line-height: 5; text-align: right; }
"""


class ForeignSite(ThreadingHTTPServer):
    """A site on a port of its own: `/` holds `body`, with a policy that lets in the gateway's script and nothing inline."""

    daemon_threads = True

    def __init__(self, gateway):
        super().__init__(("127.0.0.1", 0), _Page)
        self.gateway = gateway
        self.body = ""
        # the gateway's script must not need its own: no style-src, no img-src, no unsafe-anything
        self.policy = f"default-src 'none'; script-src {gateway}; connect-src {gateway}; style-src 'self'"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def origin(self):
        """As browsers write it."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Page(BaseHTTPRequestHandler):
    def do_GET(self):
        style = self.path == "/hostile.css"
        body = HOSTILE if style else f"<!doctype html><html lang=zh><title>别人的网站</title><h1>别人的网站</h1>{self.server.body}"
        self.send_response(200)
        self.send_header("Content-Type", "text/css" if style else "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", self.server.policy)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        """Nothing on the terminal."""


@pytest.fixture(scope="module")
def site(gateway):
    """A foreign site."""
    server = ForeignSite(gateway)
    yield server
    server.shutdown()


@pytest.fixture(scope="module")
def tag(site, wenbu):
    """The line that `wenbu site add` gives, with the gateway's real address."""
    told = wenbu("site", "add", "别人的网站", "--origin", site.origin)
    return re.sub(r'src="[^"]*/widget.js"', f'src="{site.gateway}/widget.js"', re.search(r"<script .*</script>", told)[0])


@pytest.fixture
def key(tag):
    """The site's key."""
    return re.search(r'data-site-key="([^"]+)"', tag)[1]


def test_the_script_is_small(gateway):
    script = WIDGET.read_bytes()
    assert len(gzip.compress(script, 9)) <= 20_000
    # one file: nothing is fetched by it but data
    assert not re.search(rb"\bimport\s*\(|\brequire\(", script)


@pytest.mark.parametrize("name", ["widget.js", "print.js"])
def test_the_scripts_are_written_in_words_that_old_web_views_know(gateway, name):
    """Chrome 61 and Safari 11 read ECMAScript 2017."""
    done = subprocess.run([sys.executable, ROOT / "scripts" / "web.py", "--run", "acorn/bin/acorn", "--ecma2017", "--silent",
                           f"dist/{name}"], capture_output=True, text=True)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    assert "globalThis" not in WIDGET.with_name(name).read_text(encoding="utf-8")


OLD = """
for (const [owner, names] of [
  [window, 'AbortController visualViewport structuredClone queueMicrotask ResizeObserver HTMLDialogElement SpeechRecognition'
    + ' webkitSpeechRecognition speechSynthesis'],
  [Element.prototype, 'toggleAttribute replaceChildren inert'], [HTMLElement.prototype, 'inert'],
  [HTMLFormElement.prototype, 'requestSubmit'], [Array.prototype, 'flat flatMap at'], [Object, 'fromEntries'],
  [String.prototype, 'matchAll replaceAll at'], [Promise, 'allSettled any'], [Promise.prototype, 'finally'],
  [Crypto.prototype, 'randomUUID'], [Document.prototype, 'adoptedStyleSheets'], [ShadowRoot.prototype, 'adoptedStyleSheets'],
]) names.split(' ').forEach((name) => { delete owner[name]; });
Object.defineProperty(Response.prototype, 'body', {get: () => undefined});
"""


def test_an_old_web_view_has_all_that_matters(new_page, site, key, rasa):
    site.body = (f'<wenbu-chat site-key="{key}" mode="page"></wenbu-chat>'
                 f'<script src="{site.gateway}/widget.js"></script>')
    page = new_page(touch=True)
    page.add_init_script(OLD)
    policy, site.policy = site.policy, f"{site.policy} {site.gateway}"
    try:
        page.goto(site.origin)
        page.wait_for_selector(".examples")
        assert page.evaluate("typeof AbortController + typeof [].flat") == "undefinedundefined"
        ask(page, "哪类人")
        assert page.locator(".sure").is_disabled()
        page.click("label:has-text('残疾人')")
        page.click(".sure")
        settled(page)
        ask(page, "测算结果")
        page.click(".cite >> nth=0")
        page.wait_for_selector(".sheet h3")
        page.keyboard.press("Escape")
        page.click(".quiet.large")
        page.click(".person")
        page.wait_for_selector(".banner.case")
        assert rasa.heard[:3] == ["哪类人", "残疾人", "测算结果"]
    finally:
        site.policy = policy


def test_the_line_that_is_given_works_under_a_strict_policy(new_page, site, tag, rasa):
    site.body = tag
    page = new_page(1280, 800)
    page.goto(site.origin)
    page.click(".launcher")
    page.wait_for_selector(".greeting .bubble:text('您好')")
    ask(page, "曲靖生活费一天多少")
    assert rasa.heard == ["曲靖生活费一天多少"]
    page.click(".cite")
    page.wait_for_selector(".sheet h3")
    page.keyboard.press("Escape")
    page.click(".up")
    page.wait_for_selector("text=收到，谢谢您")
    colour = page.locator(".top").evaluate("element => getComputedStyle(element).backgroundColor")
    assert colour == "rgb(15, 92, 83)", "our styles are in force"
    assert page.context.cookies() == []
    assert page.errors == [], "the policy found nothing to refuse"


def test_a_result_in_a_foreign_page_is_printed_on_ours(new_page, site, tag):
    site.body = tag
    page = new_page()
    page.goto(site.origin)
    page.click(".launcher")
    page.wait_for_selector(".examples")
    ask(page, "测算结果")
    with page.context.expect_page() as other:
        page.click(".result a:text('存成图片')")
    other.value.wait_for_selector(".picture img", timeout=10_000)
    assert other.value.url.startswith(f"{site.gateway}/print#c=")


def test_staff_and_events_reach_a_foreign_page(new_page, site, tag):
    site.body = tag
    page = new_page()
    events = []
    page.on("response", lambda response: events.append(response.status) if "/events" in response.url else None)
    page.goto(site.origin)
    page.click(".launcher")
    page.wait_for_selector(".examples")
    page.click(".person")
    page.wait_for_selector(".banner.case")
    assert events[0] == 200


def test_the_page_around_changes_nothing_in_the_window_nor_it_in_the_page(new_page, site, key):
    site.body = f'<wenbu-chat site-key="{key}" open></wenbu-chat><script src="{site.gateway}/widget.js"></script>'
    page = new_page(1280, 800)
    page.goto(site.origin)
    page.wait_for_selector(".greeting .bubble:text('您好')")
    look = """() => {
        const style = getComputedStyle(document.querySelector('wenbu-chat').shadowRoot.querySelector('.bubble'));
        return [style.color, style.fontSize, style.letterSpacing, style.textTransform, style.textAlign, style.lineHeight];
    }"""
    heading = "() => JSON.stringify(Object.values(getComputedStyle(document.querySelector('h1'))))"
    before, title = page.evaluate(look), page.evaluate(heading)
    with_window = set(page.evaluate("Object.keys(window)"))
    site.body = f'<link rel="stylesheet" href="/hostile.css">{site.body}'
    page.goto(site.origin)
    page.wait_for_selector(".greeting .bubble:text('您好')")
    assert page.evaluate(look) == before
    site.body = ""
    page.goto(site.origin)
    assert page.evaluate(heading) == title
    # what several copies of Lit in one page share
    assert with_window - set(page.evaluate("Object.keys(window)")) <= {
        "litHtmlVersions", "litElementVersions", "reactiveElementVersions", "litPropertyMetadata"}


def test_old_browsers_get_the_styles_as_a_file(new_page, site, key):
    site.body = (f'<wenbu-chat site-key="{key}" open></wenbu-chat>'
                 f'<script src="{site.gateway}/widget.js"></script>')
    page = new_page()
    page.add_init_script("delete Document.prototype.adoptedStyleSheets; delete ShadowRoot.prototype.adoptedStyleSheets;")
    policy, site.policy = site.policy, f"{site.policy} {site.gateway}"
    try:
        page.goto(site.origin)
        page.wait_for_selector(".greeting .bubble:text('您好')")
        page.wait_for_function("() => document.querySelector('wenbu-chat').shadowRoot.styleSheets.length === 1")
        assert page.locator(".top").evaluate("element => getComputedStyle(element).backgroundColor") == "rgb(15, 92, 83)"
    finally:
        site.policy = policy


def test_on_our_own_page_too(new_page, gateway):
    page = new_page()
    page.add_init_script("delete Document.prototype.adoptedStyleSheets; delete ShadowRoot.prototype.adoptedStyleSheets;")
    page.goto(gateway)
    page.wait_for_selector(".examples")
    assert page.locator(".top").evaluate("element => getComputedStyle(element).backgroundColor") == "rgb(15, 92, 83)"
    assert page.errors == []


def test_questions_that_name_no_place_are_about_the_place_of_the_site(new_page, site, key, rasa):
    site.body = f'<wenbu-chat site-key="{key}" region="曲靖" open></wenbu-chat><script src="{site.gateway}/widget.js"></script>'
    page = new_page()
    page.goto(site.origin)
    page.wait_for_selector(".examples")
    ask(page, "生活费一天多少")
    ask(page, "能领几天")
    assert rasa.heard == ["曲靖，生活费一天多少", "能领几天"]
    assert said(page) == ["生活费一天多少", "能领几天"]
    page.once("dialog", lambda dialog: dialog.accept())
    page.click(".restart")
    page.wait_for_selector(".examples")
    ask(page, "聊城生活费一天多少")
    assert rasa.heard[-1] == "聊城生活费一天多少"


def test_the_full_page_form_stands_in_a_foreign_page_too(new_page, site, key):
    site.body = f'<wenbu-chat site-key="{key}" mode="page"></wenbu-chat><script src="{site.gateway}/widget.js"></script>'
    page = new_page()
    page.goto(site.origin)
    page.wait_for_selector(".examples")
    box = page.locator(".panel").bounding_box()
    assert (box["width"], box["height"]) == (360, 740)
    assert page.locator(".launcher").count() == 0


def test_a_conversation_of_one_site_is_not_that_of_another(new_page, site, tag, key):
    site.body = tag
    page = new_page()
    page.goto(site.origin)
    page.click(".launcher")
    page.wait_for_selector(".examples")
    assert page.evaluate(f"localStorage.getItem('wenbu.{key}.conversation')")


@pytest.mark.parametrize("given", ["wrong-key", ""])
def test_a_site_that_is_not_listed_is_refused_and_told_so(new_page, site, given, rasa):
    site.body = (f'<wenbu-chat site-key="{given}" open></wenbu-chat><script src="{site.gateway}/widget.js"></script>')
    page = new_page()
    page.goto(site.origin)
    page.wait_for_selector("text=这个网站还没有登记")
    write(page, "在吗")
    page.wait_for_timeout(500)
    assert rasa.heard == []
    # browsers tell of refused requests in the console
    assert all("CORS" in error for error in page.errors)
    page.errors.clear()


def test_a_listed_key_in_a_page_of_another_origin_is_refused(new_page, site, gateway, key, rasa):
    other = ForeignSite(gateway)
    other.body = f'<wenbu-chat site-key="{key}" open></wenbu-chat><script src="{gateway}/widget.js"></script>'
    try:
        page = new_page()
        page.goto(other.origin)
        page.wait_for_selector("text=这个网站还没有登记")
        assert rasa.heard == []
        page.errors.clear()
    finally:
        other.shutdown()


def test_the_page_that_explains_shows_its_own_address_and_a_living_example(new_page, gateway, rasa):
    page = new_page(1280, 800)
    page.goto(f"{gateway}/embed")
    assert f'src="{gateway}/widget.js"' in page.locator("#tag").inner_text()
    page.click("#copy")
    page.wait_for_selector("#copied:not(:empty)")
    page.click(".launcher")
    page.wait_for_selector(".examples")
    ask(page, "多少")
    settled(page)
    assert rasa.heard == ["多少"]
