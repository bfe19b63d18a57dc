"""Passwords: what is too weak, and that nothing is computed on the event loop."""

import threading

import pytest

from api.services import passwords


@pytest.mark.parametrize(("password", "why"), [
    ("short", "10"), ("x" * 201, "200"), ("ababababab", "4 种"), ("zhang-wei-123", "名字"), ("correct horse 9", None)])
def test_what_is_too_weak_is_said(password, why):
    said = passwords.weakness(password, "Zhang")
    assert said is None if why is None else why in said


async def test_hashes_are_never_computed_on_the_event_loop(monkeypatch):
    threads = set()

    class Hasher:
        def hash(self, password):
            threads.add(threading.current_thread())
            return "hash"

        def verify(self, password, known):
            threads.add(threading.current_thread())
            return True

    monkeypatch.setattr(passwords, "_hasher", Hasher())
    passwords._of_nobody.cache_clear()
    assert await passwords.matches("x", "a hash")
    assert not await passwords.matches("x", None)
    assert threads and threading.main_thread() not in threads
    passwords._of_nobody.cache_clear()
