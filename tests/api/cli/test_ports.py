"""A taken port is found before anything is started."""

import socket

import pytest

from api.cli.ports import PortTaken, require_free


@pytest.fixture
def listener():
    """A socket that listens on a port of the loopback address."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def test_a_free_port_passes(free_port):
    require_free("127.0.0.1", free_port(), "WENBU_PORT")


def test_a_taken_port_is_named_with_the_way_out(listener):
    port = listener.getsockname()[1]
    with pytest.raises(PortTaken, match=rf"端口 {port} 已被占用.*WENBU_PORT={port + 1} make run"):
        require_free("127.0.0.1", port, "WENBU_PORT")


def test_a_port_taken_on_all_addresses_is_found_as_well():
    with socket.create_server(("0.0.0.0", 0)) as server, pytest.raises(PortTaken, match="已被占用"):
        require_free("127.0.0.1", server.getsockname()[1], "WENBU_RASA_PORT")


def test_an_address_that_is_not_ours(free_port):
    # 192.0.2.0/24 is reserved for documentation: no machine has it
    with pytest.raises(PortTaken, match="WENBU_HOST"):
        require_free("192.0.2.1", free_port(), "WENBU_PORT")
