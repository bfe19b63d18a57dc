"""POST /api/v1/eligibility and its batch through the front door."""

import json

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from api.schemas.eligibility import EligibilityResponse
from tests.figures import money

PERSON = {"region": "qujing", "as_of": "2020-06-01", "facts": {"categories": ["disabled"], "training_days": 40}}


async def post(client, body, path="/api/v1/eligibility"):
    raw = body if isinstance(body, (str, bytes)) else json.dumps(body)
    return await client.post(path, content=raw, headers={"Content-Type": "application/json"})


async def test_forty_days_of_a_disabled_person_in_qujing_are_forty_times_a_day(client, kb):
    answer = await post(client, PERSON, "/api/v1/eligibility?benefit=qujing.living_allowance")
    assert answer.status_code == 200
    body = answer.json()
    (result,) = body["results"]
    assert (result["benefit"], result["status"], result["in_force"]) == ("qujing.living_allowance", "eligible", True)
    assert result["amount"]["kind"] == "exact"
    assert result["amount"]["value"] == money("qujing-2019-112", "living_per_day*40")
    assert result["missing"] == []
    assert result["presumed"] == {"headcount": 1}
    assert result["citations"][0]["clause"] == "十八"
    assert body["kb_version"] == kb.version


async def test_every_region_answers_in_the_form_of_the_contract(client, kb):
    for region in kb.regions:
        answer = await post(client, {"region": region})
        EligibilityResponse.model_validate(answer.json())
        assert answer.json()["results"]


async def test_numbers_are_taken_exactly(client):
    body = '{"region": "qujing", "facts": {"subsidy_total": 0.29, "employer_type": "enterprise", "in_training_plan": true}}'
    answer = await post(client, body, "/api/v1/eligibility?benefit=qujing.prepayment")
    # half of 0.29 is 0.145: rounded half up once; as a binary number it would come to 0.14
    assert answer.json()["results"][0]["amount"]["value"] == "0.15"


@pytest.mark.parametrize(("facts", "fact"), [
    ({"age": 200}, "age"), ({"age": -1}, "age"), ({"age": "30"}, "age"), ({"age": 30.5}, "age"), ({"age": None}, "age"),
    ({"age": True}, "age"), ({"agee": 30}, "agee"), ({"gender": "男"}, "gender"), ({"categories": "disabled"}, "categories"),
    ({"categories": ["残疾"]}, "categories"), ({"categories": [["disabled"]]}, "categories"), ({"local_tie": 1}, "local_tie"),
    ({"local_tie": "true"}, "local_tie"), ({"headcount": 0}, "headcount"), ({"training_days": {}}, "training_days"),
    ({"as_of": "2020-01-01"}, "as_of"),
])
async def test_a_bad_fact_is_refused_by_name_with_what_is_allowed(client, facts, fact):
    answer = await post(client, {"region": "qujing", "facts": facts})
    assert answer.status_code == 422
    (problem,) = answer.json()["detail"]
    assert problem["fact"] == fact
    assert problem["loc"][-1] == fact
    assert problem["allowed"]
    assert any("\u4e00" <= c <= "\u9fff" for c in problem["msg"])


@pytest.mark.parametrize(("number", "got"), [("NaN", "NaN"), ("Infinity", "Infinity"), ("1e999", "1E+999"), ("9" * 5000, None)])
async def test_a_number_that_is_none_is_refused_by_the_facts_name(client, number, got):
    answer = await post(client, f'{{"region": "qujing", "facts": {{"monthly_wage": {number}}}}}')
    assert answer.status_code == 422
    (problem,) = answer.json()["detail"]
    assert problem["fact"] == "monthly_wage"
    assert got is None or problem["got"] == got


@pytest.mark.parametrize(("body", "place"), [
    ({"facts": {}}, ["region"]), ({"region": "beijing"}, ["region"]), ({"region": 5}, ["region"]), ({"region": None}, ["region"]),
    ({"region": "qujing", "as_of": "2020-13-01"}, ["as_of"]), ({"region": "qujing", "as_of": "昨天"}, ["as_of"]),
    ({"region": "qujing", "as_of": 20200601}, ["as_of"]), ({"region": "qujing", "as_of": "2020-6-1"}, ["as_of"]),
    ({"region": "qujing", "as_of": None}, ["as_of"]), ({"region": "qujing", "as_of": "2020-06-01T00:00:00"}, ["as_of"]),
    ({"region": "qujing", "facts": []}, ["facts"]), ({"region": "qujing", "facts": None}, ["facts"]),
    ({"region": "qujing", "fact": {}}, ["fact"]), ({"region": "qujing", "benefit": "qujing.living_allowance"}, ["benefit"]),
])
async def test_a_bad_request_is_refused_by_its_place(client, body, place):
    answer = await post(client, body)
    assert answer.status_code == 422
    (problem,) = answer.json()["detail"]
    assert problem["loc"] == place
    assert set(problem) == {"loc", "msg", "fact", "got", "allowed"}
    assert problem["allowed"]


@pytest.mark.parametrize("raw", ["", "{", "[]", "3", "null", '{"region": "qujing", "region": "tongnan"}', b"\xff", "[" * 60000])
async def test_what_is_no_request_is_a_422_and_no_500(client, raw):
    answer = await post(client, raw)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["msg"]


async def test_an_unknown_benefit_is_refused_with_what_exists(client):
    answer = await post(client, PERSON, "/api/v1/eligibility?benefit=qujing.nothing")
    assert answer.status_code == 422
    (problem,) = answer.json()["detail"]
    assert problem["loc"] == ["query", "benefit"]
    assert "qujing.living_allowance" in str(problem["allowed"])


async def test_a_lone_surrogate_is_told_back_without_failing(client):
    answer = await post(client, '{"region": "\\ud800"}')
    assert answer.status_code == 422


async def test_a_batch_answers_in_its_order(client):
    people = [PERSON, PERSON | {"facts": {"age": 30}}, {"region": "tongnan"}]
    answer = await post(client, people, "/api/v1/eligibility/batch")
    assert answer.status_code == 200
    singly = [(await post(client, person)).json() for person in people]
    assert answer.json() == singly


async def test_a_fault_in_a_batch_is_named_by_its_index(client):
    people = [PERSON, {"region": "qujing", "facts": {"age": "x"}}, {"region": "nowhere"}, 7]
    answer = await post(client, people, "/api/v1/eligibility/batch")
    assert answer.status_code == 422
    assert [problem["loc"] for problem in answer.json()["detail"]] == [[1, "facts", "age"], [2, "region"], [3]]


@pytest.mark.parametrize("people", [[], [PERSON] * 1001, PERSON])
async def test_a_batch_has_1_to_1000_requests(client, people):
    answer = await post(client, people, "/api/v1/eligibility/batch")
    assert answer.status_code == 422
    assert "1000" in answer.json()["detail"][0]["msg"]


async def test_a_batch_may_be_larger_than_other_bodies(client):
    people = [PERSON | {"facts": {"categories": ["disabled"] * 80}}] * 100
    assert len(json.dumps(people)) > 64 * 1024
    answer = await post(client, people, "/api/v1/eligibility/batch")
    assert answer.status_code == 200


values = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
                      lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
                      max_leaves=6)


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
async def test_no_value_of_any_fact_is_a_500(client, kb, data):
    name = data.draw(st.sampled_from([*kb.facts, "unknown"]))
    answer = await post(client, {"region": "tongnan", "facts": {name: data.draw(values)}})
    assert answer.status_code in (200, 422)
    if answer.status_code == 422:
        assert answer.json()["detail"][0]["fact"] == name


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60) | values.map(lambda value: json.dumps(value).encode()))
async def test_no_body_is_a_500(client, raw):
    assert (await post(client, raw)).status_code == 422
