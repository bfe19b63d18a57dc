"""Which services are started, and what they are told."""

from pathlib import Path

import pytest

from api.cli import plan
from api.settings import Settings

ROOT = Path("/somewhere")


def settings(**values) -> Settings:
    return Settings(**{"port": 8000, "rasa_port": 5005, "actions_port": 5055, **values})


def test_three_services_share_one_token_and_the_ports():
    services = plan.services(settings(rasa_port=6005), ROOT, "secret")
    assert [service.name for service in services] == ["动作服务", "对话引擎 Rasa", "网关"]
    assert {service.environment["WENBU_RASA_TOKEN"] for service in services} == {"secret"}
    assert {service.environment["WENBU_RASA_PORT"] for service in services} == {"6005"}
    assert services[1].ready_url == "http://127.0.0.1:6005/"


def test_each_neighbour_gets_the_address_of_the_action_server_in_its_own_form():
    actions, rasa, _ = plan.services(settings(actions_port=6055), ROOT, "secret")
    assert actions.environment["WENBU_ACTIONS_PORT"] == "6055"
    assert actions.ready_url == "http://127.0.0.1:6055/health"
    assert rasa.environment["WENBU_ACTIONS_URL"] == "http://127.0.0.1:6055/webhook"


def test_rasa_runs_in_its_own_environment_without_telemetry():
    rasa = plan.services(settings(), ROOT, "secret")[1]
    assert rasa.command[0] == "/somewhere/.venv-bot/bin/python"
    assert rasa.environment["RASA_TELEMETRY_ENABLED"] == "false"


def test_what_runs_elsewhere_is_not_started():
    services = plan.services(settings(rasa_url="http://127.0.0.1:9", actions_url="http://127.0.0.1:8"), ROOT, "secret")
    assert [service.name for service in services] == ["网关"]


def test_a_token_is_new_for_every_run_unless_it_was_set():
    assert plan.rasa_token(settings()) != plan.rasa_token(settings())
    assert plan.rasa_token(settings(rasa_token="set")) == "set"


@pytest.mark.parametrize(("host", "address"), [
    ("127.0.0.1", "http://127.0.0.1:8000"), ("0.0.0.0", "http://127.0.0.1:8000"), ("::", "http://[::1]:8000"),
    ("::1", "http://[::1]:8000"), ("wenbu.example", "http://wenbu.example:8000"),
])
def test_address_is_one_that_a_browser_can_open(host, address):
    assert plan.address(settings(host=host)) == address
