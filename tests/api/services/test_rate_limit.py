"""How much one IP may ask."""

import httpx
import pytest

from api.errors import ApiError
from api.main import create_app
from api.services.rate_limit import RateLimiter


async def test_one_too_many_is_a_429_with_the_seconds_to_wait():
    limiter = RateLimiter("2/minute", "async+memory://")
    await limiter.check("1.1.1.1")
    await limiter.check("1.1.1.1")
    with pytest.raises(ApiError) as refused:
        await limiter.check("1.1.1.1")
    assert refused.value.status == 429
    assert 1 <= int(refused.value.headers["Retry-After"]) <= 60
    await limiter.check("2.2.2.2")


async def test_a_counter_that_is_away_lets_people_in():
    await RateLimiter("1/minute", "async+redis://127.0.0.1:1").check("1.1.1.1")


async def test_the_api_is_limited_and_the_page_is_not(settings):
    settings.rate_limit = "3/minute"
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://wenbu.test") as client:
            answers = [await client.get("/api/v1/regions") for _ in range(4)]
            assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
            assert "秒后再试" in answers[3].json()["detail"]
            assert int(answers[3].headers["retry-after"]) >= 1
            for path in ("/", "/healthz", "/metrics"):
                assert (await client.get(path)).status_code == 200
