"""Without a mouse, with a Chinese input method, by voice."""

import pytest

from tests.browser.using import ask, focused, said, settled, write

COMPOSING = """(name) => {
    const field = document.querySelector('wenbu-chat').shadowRoot.getElementById('text');
    field.dispatchEvent(new CompositionEvent(name, {bubbles: true}));
}"""
PRESS = """(detail) => {
    const field = document.querySelector('wenbu-chat').shadowRoot.getElementById('text');
    return field.dispatchEvent(new KeyboardEvent('keydown', {...detail, bubbles: true, cancelable: true}));
}"""


def tab_to(page, name, most=40):
    """Press Tab until `name` (id or class) has the focus."""
    for _ in range(most):
        if name in focused(page).split():
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way to {name} by Tab; at {focused(page)}")


def test_everything_goes_by_keyboard(desktop, rasa):
    page = desktop
    tab_to(page, "text")
    page.keyboard.type("哪类人")
    page.keyboard.press("Enter")
    page.wait_for_selector(".tick")
    page.keyboard.press("Shift+Tab")
    # backwards from the field: 不知道, 都不是, 选好了 (still off), then the three groups
    for _ in range(2):
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    tab_to(page, "sure")
    page.keyboard.press("Enter")
    settled(page)
    assert rasa.heard == ["哪类人", "脱贫劳动力"]
    assert focused(page) == "text", "the focus does not vanish with the button"


def test_a_clause_keeps_the_focus_and_gives_it_back(desktop):
    page = desktop
    ask(page, "多少")
    page.locator(".cite").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".sheet h3")
    assert focused(page) == "clause"
    for _ in range(5):
        page.keyboard.press("Tab")
        assert focused(page) in ("quiet", "sheet-body")
    page.keyboard.press("Shift+Tab")
    assert focused(page) in ("quiet", "sheet-body")
    page.keyboard.press("Escape")
    page.wait_for_selector(".sheet", state="detached")
    assert focused(page) == "cite"


def test_the_bubble_opens_and_closes_by_keyboard(new_page, gateway):
    page = new_page(1280, 800)
    page.goto(f"{gateway}/embed")
    page.wait_for_selector(".launcher")
    page.locator(".launcher").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".greeting .bubble:text('您好')")
    assert focused(page) == "text"
    page.keyboard.press("Escape")
    assert not page.locator(".panel").is_visible()
    assert focused(page) == "launcher"


def test_enter_while_an_input_method_composes_sends_nothing(page, rasa):
    page.fill("#text", "qujing")
    for detail in ({"key": "Enter", "isComposing": True}, {"key": "Enter", "keyCode": 229}):
        page.evaluate(PRESS, detail)
    page.press("#text", "Shift+Enter")
    assert page.locator(".mine").count() == 0
    assert rasa.heard == []
    page.press("#text", "Enter")
    page.wait_for_selector(".cite")
    assert rasa.heard == ["qujing"]


def test_enter_is_not_taken_when_the_browser_tells_of_the_composition_late(page, rasa):
    page.fill("#text", "曲靖")
    page.evaluate(COMPOSING, "compositionstart")
    # neither isComposing nor 229: only the composition that has not ended tells
    page.evaluate(PRESS, {"key": "Enter"})
    page.evaluate(COMPOSING, "compositionend")
    page.evaluate(PRESS, {"key": "Enter"})
    assert page.locator(".mine").count() == 0
    page.wait_for_timeout(150)
    page.press("#text", "Enter")
    page.wait_for_selector(".cite")
    assert rasa.heard == ["曲靖"]


def test_a_phone_keyboard_that_names_no_key_sends_by_its_line_break(page, rasa):
    page.fill("#text", "曲靖")
    page.evaluate("""() => {
        const field = document.querySelector('wenbu-chat').shadowRoot.getElementById('text');
        field.dispatchEvent(new InputEvent('beforeinput', {inputType: 'insertLineBreak', bubbles: true, cancelable: true}));
    }""")
    page.wait_for_selector(".cite")
    assert rasa.heard == ["曲靖"]


def test_real_composition_of_chinese_sends_only_when_it_is_over(page, rasa):
    page.click("#text")
    keys = page.context.new_cdp_session(page)
    keys.send("Input.imeSetComposition", {"text": "qujing", "selectionStart": 6, "selectionEnd": 6})
    page.evaluate(PRESS, {"key": "Enter"})
    assert page.locator(".mine").count() == 0
    keys.send("Input.insertText", {"text": "曲靖"})
    page.wait_for_timeout(150)
    page.press("#text", "Enter")
    page.wait_for_selector(".cite")
    assert rasa.heard == ["曲靖"]


VOICES = """(voices) => {
    window.spoken = [];
    const speech = {
        getVoices: () => voices, cancel: () => window.spoken.push('cancel'), addEventListener: () => undefined,
        speak: (one) => window.spoken.push(one.text),
    };
    Object.defineProperty(window, 'speechSynthesis', {value: speech});
    window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
}"""
RECOGNITION = """() => {
    window.webkitSpeechRecognition = window.SpeechRecognition = class {
        start() { window.ear = this; }
        stop() { this.onend(); }
        abort() { this.onend && this.onend(); }
    };
}"""


@pytest.mark.parametrize(("voices", "buttons"), [([], 0), ([{"lang": "en-US"}], 0), ([{"lang": "zh-CN"}], 1)])
def test_reading_aloud_is_offered_where_there_is_a_chinese_voice(new_page, gateway, voices, buttons):
    page = new_page()
    page.add_init_script(f"({VOICES})({str(voices)})")
    page.goto(gateway)
    page.wait_for_selector(".examples")
    ask(page, "多少")
    assert page.locator("[title=听]").count() == buttons
    if buttons:
        page.click("[title=听]")
        assert "收到" in page.evaluate("window.spoken.join('')")
        page.click("[title=听][aria-pressed=true]")
        assert page.evaluate("window.spoken[window.spoken.length - 1]") == "cancel"


def test_what_is_spoken_stands_in_the_field_to_be_sent(new_page, gateway, rasa):
    page = new_page()
    page.add_init_script(f"({RECOGNITION})()")
    page.goto(gateway)
    page.wait_for_selector(".examples")
    page.click("[title=说话输入]")
    page.evaluate("window.ear.onresult({results: [[{transcript: '曲靖'}], [{transcript: '补多少'}]]})")
    assert page.input_value("#text") == "曲靖补多少"
    page.click(".send")
    page.wait_for_selector(".cite")
    assert rasa.heard == ["曲靖补多少"]


def test_speaking_goes_when_it_does_not_work_and_says_so(new_page, gateway):
    page = new_page()
    page.add_init_script(f"({RECOGNITION})()")
    page.goto(gateway)
    page.click("[title=说话输入]")
    page.evaluate("() => { window.ear.onerror({error: 'network'}); window.ear.onend(); }")
    page.wait_for_selector("text=这里用不了语音，请打字")
    assert page.locator("[title=说话输入]").count() == 0


def test_speaking_is_not_offered_where_the_browser_cannot(new_page, gateway):
    page = new_page()
    page.add_init_script("delete window.webkitSpeechRecognition; delete window.SpeechRecognition;")
    page.goto(gateway)
    page.wait_for_selector(".examples")
    assert page.locator("[title=说话输入]").count() == 0
    write(page, "多少")
    settled(page)
    assert said(page) == ["多少"]
