"""Settings: addresses, drivers, the key."""

import stat

import pytest

from api.settings import Settings


@pytest.mark.parametrize(("given", "used"), [
    (None, "sqlite+aiosqlite:///{dir}/wenbu.db"),
    ("sqlite:///x.db", "sqlite+aiosqlite:///x.db"),
    ("postgresql://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
    ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
    ("postgresql+asyncpg://h/d", "postgresql+asyncpg://h/d"),
])
def test_the_database_has_an_async_driver(tmp_path, given, used):
    assert Settings(data_dir=tmp_path, database_url=given).database == used.format(dir=tmp_path)


def test_neighbours_are_on_the_loopback_unless_told_otherwise():
    assert Settings(rasa_port=6000).rasa == "http://127.0.0.1:6000"
    assert Settings(rasa_url="http://rasa:5005/").rasa == "http://rasa:5005"


def test_a_key_is_made_once_and_kept_for_the_owner_alone(tmp_path):
    first = Settings(data_dir=tmp_path / "var").hash_key
    assert len(first) == 64
    assert Settings(data_dir=tmp_path / "var").hash_key == first
    assert stat.S_IMODE((tmp_path / "var" / "secret-key").stat().st_mode) == 0o600
    assert Settings(data_dir=tmp_path / "other").hash_key != first


def test_a_given_key_writes_nothing(tmp_path):
    assert Settings(data_dir=tmp_path, secret_key="abc").hash_key == b"abc"
    assert list(tmp_path.iterdir()) == []
