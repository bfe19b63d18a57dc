"""What a person does with the window, in few words. Selectors reach into its shadow root."""

from __future__ import annotations


def write(page, text):
    """Type and send."""
    page.fill("#text", text)
    page.press("#text", "Enter")


def ask(page, text):
    """Write, and wait until it is answered."""
    before = page.locator(".turn.bot").count()
    write(page, text)
    page.locator(".turn.bot").nth(before).wait_for()
    settled(page)


def settled(page):
    """Nothing is on its way any more."""
    page.locator(".typing, .waiting").first.wait_for(state="detached")


def answers(page):
    """The bubbles that are not the person's."""
    return page.locator(".turn.bot:not(.greeting) .bubble")


def said(page):
    """What the person said, as it stands there."""
    return [text.removeprefix("您：") for text in page.locator(".mine .bubble").all_text_contents()]


def conversation(page):
    """The secret name of the conversation that the browser keeps."""
    return page.evaluate("localStorage.getItem('wenbu.conversation')")


def focused(page):
    """Class name or id of what has the focus, looked for inside of the window."""
    return page.evaluate("""() => {
        let element = document.activeElement;
        while (element && element.shadowRoot && element.shadowRoot.activeElement) element = element.shadowRoot.activeElement;
        return element.id || element.className;
    }""")
