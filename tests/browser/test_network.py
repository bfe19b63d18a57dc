"""When the network goes: what was written is sent once, in order, and what came meanwhile is fetched."""

from tests.browser.using import answers, ask, conversation, said, settled, write


def test_what_is_written_without_network_is_sent_once_and_in_order(page, rasa):
    ask(page, "零")
    page.context.set_offline(True)
    for text in ("一", "二", "三"):
        write(page, text)
    page.wait_for_selector("text=网络不通")
    assert page.locator("text=还没发出去").count() == 3
    assert rasa.heard == ["零"]
    page.context.set_offline(False)
    settled(page)
    assert rasa.heard == ["零", "一", "二", "三"]
    assert said(page) == ["零", "一", "二", "三"]
    assert answers(page).count() == 4
    page.wait_for_selector("text=网络不通", state="detached")


def test_what_waits_outlives_a_reload(page, rasa):
    page.route("**/api/**", lambda route: route.abort())
    write(page, "一")
    write(page, "二")
    page.wait_for_selector("text=还没发出去")
    page.reload()
    page.wait_for_selector(".waiting >> nth=1")
    assert said(page) == ["一", "二"]
    page.unroute("**/api/**")
    settled(page)
    assert rasa.heard == ["一", "二"]


def test_an_answer_that_was_lost_on_its_way_comes_without_a_second_turn(new_page, gateway, rasa):
    calls = []

    def lose_the_first(route):
        answer = route.fetch()
        calls.append(route.request.post_data_json["client_id"])
        if len(calls) == 1:
            route.abort()
        else:
            route.fulfill(response=answer)

    page = new_page()
    # without the stream, so that the answer can come by the second try only
    page.route("**/widget/events*", lambda route: route.abort())
    page.route("**/widget/messages", lose_the_first)
    page.goto(gateway)
    page.wait_for_selector(".examples")
    ask(page, "一")
    assert rasa.heard == ["一"]
    assert len(calls) == 2 and len(set(calls)) == 1
    assert said(page) == ["一"] and answers(page).count() == 1


def test_a_gateway_that_is_overloaded_is_asked_again(page, rasa):
    refusals = []

    def busy_once(route):
        if refusals:
            route.continue_()
        else:
            refusals.append(route)
            route.fulfill(status=429, headers={"Retry-After": "1"}, json={"detail": "问得太快了"})

    page.route("**/widget/messages", busy_once)
    ask(page, "一")
    assert rasa.heard == ["一"]


def test_without_streams_it_asks_again_and_again(new_page, gateway, rasa):
    page = new_page()
    # an old web view: answers cannot be read piece by piece
    page.add_init_script("Object.defineProperty(Response.prototype, 'body', {get: () => undefined})")
    page.goto(gateway)
    page.wait_for_selector(".examples")
    ask(page, "一")
    token = conversation(page)
    # what another window of the same conversation says comes along
    page.request.post(f"{gateway}/api/v1/widget/messages", headers={"X-Wenbu-Conversation": token},
                      data={"client_id": "elsewhere", "text": "别处说的"})
    page.wait_for_selector(".mine .bubble:has-text('别处说的')")


def test_a_stream_that_broke_goes_on_where_it_ended(page, gateway):
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/events" in request.url else None)
    ask(page, "一")
    page.context.set_offline(True)
    page.wait_for_timeout(300)
    page.request.post(f"{gateway}/api/v1/widget/messages", headers={"X-Wenbu-Conversation": conversation(page)},
                      data={"client_id": "elsewhere", "text": "断网时别处说的"})
    page.context.set_offline(False)
    page.wait_for_selector(".mine .bubble:has-text('断网时别处说的')")
    assert "after=0" not in asked[-1]
    assert len(said(page)) == 2


def test_a_browser_that_keeps_nothing_still_holds_a_conversation(new_page, gateway, rasa):
    page = new_page()
    page.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('blocked'); }})")
    page.goto(gateway)
    page.wait_for_selector(".examples")
    ask(page, "一")
    ask(page, "二")
    assert rasa.heard == ["一", "二"] and said(page) == ["一", "二"]


def test_the_window_opens_without_its_settings(new_page, gateway, rasa):
    page = new_page()
    page.route("**/widget/settings", lambda route: route.abort())
    page.goto(gateway)
    write(page, "一")
    page.wait_for_selector("text=网络不通")
    page.unroute("**/widget/settings")
    page.wait_for_selector(".greeting .bubble:text('您好')")
    settled(page)
    assert rasa.heard == ["一"]
