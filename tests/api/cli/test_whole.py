"""What `make run` starts, as one: gateway, Rasa with the trained model, action server."""

import json
import urllib.request

import pytest

from tests.figures import with_figures

pytestmark = pytest.mark.model


def get(url):
    """The JSON at an address."""
    with urllib.request.urlopen(url, timeout=10) as response:
        return json.load(response)


def chat(url, message):
    """One message of one conversation; the texts of the answer."""
    body = json.dumps({"sender": "tests/api/cli", "message": message}).encode()
    request = urllib.request.Request(f"{url}/api/v1/chat", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as response:
        return "\n".join(each["text"] for each in json.load(response)["messages"])


def test_everything_is_ready(wenbu_url):
    ready = get(f"{wenbu_url}/readyz")
    assert {name: part["state"] for name, part in ready["parts"].items()} == {
        "rasa": "ok", "actions": "ok", "database": "ok", "knowledge_base": "ok"}


def test_a_question_goes_all_the_way(wenbu_url):
    text = chat(wenbu_url, "我是曲靖的残疾人,培训40天能领多少生活费")
    assert with_figures("{qujing-2019-112/living_per_day*40}元") in text
    assert "曲政办发〔2019〕112号" in text


def test_the_check_needs_rasa_and_is_there(wenbu_url):
    # without Rasa the gateway would say that the check is away
    text = chat(wenbu_url, "帮我测算一下")
    assert text
    assert "眼下用不了" not in text
