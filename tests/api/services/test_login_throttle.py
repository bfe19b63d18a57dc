"""Wrong passwords are counted by address and by account."""

import pytest

from api.errors import ApiError
from api.services.login_throttle import LoginThrottle, network


async def wrong(throttle, address, name, times):
    for _ in range(times):
        await throttle.check(address, name)
        await throttle.wrong(address, name)


async def test_five_from_one_address_whatever_the_names():
    throttle = LoginThrottle("async+memory://")
    for number in range(5):
        await wrong(throttle, "10.0.0.1", f"n{number}", 1)
    with pytest.raises(ApiError) as refused:
        await throttle.check("10.0.0.1", "another")
    assert refused.value.status == 429
    assert 0 < int(refused.value.headers["Retry-After"]) <= 300
    await throttle.check("10.0.0.2", "another")


async def test_ten_at_one_account_from_wherever():
    throttle = LoginThrottle("async+memory://")
    for number in range(10):
        await wrong(throttle, f"10.0.0.{number}", "wang", 1)
    with pytest.raises(ApiError) as refused:
        await throttle.check("10.0.1.1", "wang")
    assert 300 < int(refused.value.headers["Retry-After"]) <= 900
    await throttle.check("10.0.1.1", "li")


async def test_right_ones_are_not_counted():
    throttle = LoginThrottle("async+memory://")
    for _ in range(30):
        await throttle.check("10.0.0.1", "wang")


async def test_without_redis_this_process_still_counts():
    throttle = LoginThrottle("async+redis://127.0.0.1:1")
    await wrong(throttle, "10.0.0.1", "wang", 5)
    with pytest.raises(ApiError):
        await throttle.check("10.0.0.1", "wang")


@pytest.mark.parametrize(("one", "other", "same"), [
    ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True), ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
    ("10.0.0.1", "10.0.0.2", False), ("unknown", "unknown", True),
])
def test_an_ipv6_connection_counts_as_one(one, other, same):
    assert (network(one) == network(other)) is same
