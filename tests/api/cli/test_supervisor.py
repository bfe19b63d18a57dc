"""The supervisor with real processes: it starts, restarts, gives up, and leaves nobody behind."""

import asyncio
import os
import signal

import pytest

from api.cli.supervisor import GaveUp, Service, Supervisor
from tests.api.cli.programs import QUICK, WITH_STUBBORN_CHILD, is_alive, pids, script, server, wait_for


async def test_announces_when_all_are_ready_and_stops_all(tmp_path, free_port):
    notes, said, announced = tmp_path / "pids", [], []
    services = [server("甲", free_port(), notes), server("乙", free_port(), notes)]
    supervisor = Supervisor(services, said.append, QUICK)

    def ready():
        announced.append(len(pids(notes)))
        supervisor.stop()

    await asyncio.wait_for(supervisor.run(ready), 15)
    assert announced == [2]
    assert sum("就绪" in line for line in said) == 2
    assert not any(is_alive(pid) for pid in pids(notes))


async def test_restarts_a_service_that_dies(tmp_path, free_port):
    notes, said = tmp_path / "pids", []
    supervisor = Supervisor([server("甲", free_port(), notes)], said.append, QUICK)

    async def kill_and_wait():
        os.kill(pids(notes)[0], signal.SIGKILL)
        await asyncio.to_thread(wait_for, lambda: len(pids(notes)) == 2)
        supervisor.stop()

    tasks = []
    await asyncio.wait_for(supervisor.run(lambda: tasks.append(asyncio.create_task(kill_and_wait()))), 15)
    assert len(pids(notes)) == 2
    assert any("甲退出了(退出码 -9)" in line and "重启" in line for line in said)
    assert not is_alive(pids(notes)[1])


async def test_gives_up_on_a_service_that_dies_at_once_and_stops_the_others(tmp_path, free_port):
    notes, said = tmp_path / "pids", []
    services = [server("好的", free_port(), notes), script("坏的", "import sys, time; time.sleep(0.3); sys.exit(7)")]
    with pytest.raises(GaveUp, match="坏的连续 3 次一启动就退出.退出码 7"):
        await asyncio.wait_for(Supervisor(services, said.append, QUICK).run(lambda: None), 20)
    assert sum("坏的退出了" in line for line in said) == 2
    assert len(pids(notes)) == 1
    assert not is_alive(pids(notes)[0])


async def test_a_long_life_forgives_earlier_deaths(tmp_path):
    starts = tmp_path / "starts"
    said = []
    patient = Supervisor(
        [script("甲", "import sys, time; open(sys.argv[1], 'a').write('1\\n'); time.sleep(0.2)", str(starts))],
        said.append, type(QUICK)(first_pause=0.01, longest_pause=0.01, immediate=0.1, deaths=2, ready_within=30, grace=1))

    async def stop_after_four():
        await asyncio.to_thread(wait_for, lambda: len(pids(starts)) >= 4, 15)
        patient.stop()

    await asyncio.wait_for(asyncio.gather(patient.run(lambda: None), stop_after_four()), 20)
    assert len(pids(starts)) >= 4


async def test_stops_grandchildren_even_if_they_ignore_polite_signals(tmp_path):
    notes = tmp_path / "pids"
    supervisor = Supervisor([script("甲", WITH_STUBBORN_CHILD, str(notes))], lambda _: None, QUICK)

    async def stop_later():
        await asyncio.to_thread(wait_for, lambda: bool(pids(notes)))
        supervisor.stop()

    await asyncio.wait_for(asyncio.gather(supervisor.run(lambda: None), stop_later()), 20)
    child, = pids(notes)
    assert wait_for(lambda: not is_alive(child))


async def test_says_what_is_missing_when_a_service_never_gets_ready(tmp_path, free_port):
    notes = tmp_path / "pids"
    impatient = type(QUICK)(first_pause=0.05, immediate=5, deaths=3, ready_within=1.5, grace=3)
    supervisor = Supervisor([server("甲", free_port(), notes, status=503)], lambda _: None, impatient)
    with pytest.raises(GaveUp, match="甲:应答 503 says this"):
        await asyncio.wait_for(supervisor.run(lambda: None), 15)
    assert not is_alive(pids(notes)[0])


async def test_a_program_that_is_not_there_is_one_clear_line(tmp_path):
    service = Service("甲", [str(tmp_path / "nowhere")], "http://127.0.0.1:9/", tmp_path)
    with pytest.raises(GaveUp, match="make setup"):
        await asyncio.wait_for(Supervisor([service], lambda _: None, QUICK).run(lambda: None), 5)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_signals_stop_everything(tmp_path, free_port, number):
    notes = tmp_path / "pids"
    supervisor = Supervisor([server("甲", free_port(), notes)], lambda _: None, QUICK)
    await asyncio.wait_for(supervisor.run(lambda: os.kill(os.getpid(), number)), 10)
    assert not is_alive(pids(notes)[0])


async def test_services_get_their_own_environment_on_top_of_ours(tmp_path, monkeypatch):
    monkeypatch.setenv("WENBU_TEST_OURS", "ours")
    out = tmp_path / "out"
    code = "import os, sys, time; open(sys.argv[1], 'w').write(os.environ['WENBU_TEST_OURS'] + os.environ['OWN']); time.sleep(60)"
    base = script("甲", code, str(out))
    supervisor = Supervisor([Service(base.name, base.command, base.ready_url, tmp_path, {"OWN": "+own"})], lambda _: None, QUICK)

    async def stop_later():
        await asyncio.to_thread(wait_for, lambda: out.exists() and out.read_text())
        supervisor.stop()

    await asyncio.wait_for(asyncio.gather(supervisor.run(lambda: None), stop_later()), 10)
    assert out.read_text() == "ours+own"
