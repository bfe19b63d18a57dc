"""Where a stream goes on from."""

import pytest

from api.services.event_stream import start_of


@pytest.mark.parametrize(("after", "last_event_id", "start"), [
    (None, "", None), (7, "", 7), (0, "9", 0), (None, "9", 9), (None, "x", None), (None, "-1", None),
    (None, "9" * 30, None), (None, "9" * 5000, None), (None, "٣", None)])
def test_the_parameter_counts_before_the_header_and_odd_headers_do_not(after, last_event_id, start):
    assert start_of(after, last_event_id) == start
