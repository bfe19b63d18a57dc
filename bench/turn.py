"""``python -m bench.turn``: a chat turn through Rasa with our start-up patch against stock Rasa 3.6.21, in one run.

Both serve the same trained model and call the same action server; they take turns, conversation by conversation, so that
whatever else the machine does meets both alike. Prints p50 and p95 of each, the ratios, and start-up time and memory.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from statistics import quantiles

ROOT = Path(__file__).resolve().parent.parent
RASA_PYTHON = ROOT / ".venv-bot" / "bin" / "python"
MODEL = "models/wenbu.tar.gz"
TOKEN = "bench"
DIALOGUE = (
    "你好",
    "我是曲靖的残疾人,培训40天能领多少生活费",
    "退役军人能免费学吗",
    "学徒制一年补多少",
    "曲靖和攀枝花的生活费哪个高",
    "帮我测算一下",
    "我自己",
    "农村户口,没有养老金",
    "生活费什么时候发",
    "不知道",
    "不对,是50天",
    "取消",
    "去哪里申请",
    "谢谢",
)


class Server:
    """A process that listens on a loopback port; stopped when the block ends."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str], port: int, log: Path) -> None:
        self.name, self.port, self.log = name, port, log
        self._started = time.monotonic()
        self._process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **environment}, stdin=subprocess.DEVNULL, stdout=log.open("wb"),
            stderr=subprocess.STDOUT,
        )
        self.start_seconds = 0.0

    def wait(self, path: str, within: float = 180.0) -> None:
        """Until it answers. Exits with its last log lines when it does not."""
        while time.monotonic() - self._started < within and self._process.poll() is None:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
                connection.request("GET", path)
                if connection.getresponse().status == 200:
                    self.start_seconds = time.monotonic() - self._started
                    return
            except OSError:
                time.sleep(0.1)
        self.stop()
        sys.exit(f"{self.name} 没有启动起来:\n" + self.log.read_text(errors="replace")[-2000:])

    def memory_mb(self) -> float:
        """Resident memory of the process (Linux; 0 elsewhere)."""
        try:
            status = Path(f"/proc/{self._process.pid}/status").read_text()
        except OSError:
            return 0.0
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024

    def stop(self) -> None:
        """End the process."""
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on."""
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def converse(connection: http.client.HTTPConnection) -> list[float]:
    """One whole conversation by a new sender; milliseconds of each turn. Exits if a turn stays without an answer."""
    sender, times = uuid.uuid4().hex, []
    for message in DIALOGUE:
        body = json.dumps({"sender": sender, "message": message})
        started = time.perf_counter()
        connection.request("POST", f"/webhooks/rest/webhook?token={TOKEN}", body, {"Content-Type": "application/json"})
        answer = json.loads(connection.getresponse().read())
        times.append((time.perf_counter() - started) * 1000)
        if not answer:
            sys.exit(f"没有回答:{message}")
    return times


def measure(conversations: int) -> dict[str, dict[str, float]]:
    """p50 and p95 in milliseconds, start-up seconds and memory (MB) of ``stock`` and ``patched``."""
    ports = dict(zip(("actions", "stock", "patched"), free_ports(3), strict=True))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        actions_url = f"http://127.0.0.1:{ports['actions']}/webhook"
        (folder / "endpoints.yml").write_text(f"action_endpoint:\n  url: {actions_url}\n")
        (folder / "credentials.yml").write_text("rest:\n")
        quiet = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "OMP_NUM_THREADS": "1"}
        stock = [
            str(RASA_PYTHON), "-m", "rasa", "run", "-m", MODEL, "-i", "127.0.0.1", "-p", str(ports["stock"]),
            "--endpoints", str(folder / "endpoints.yml"), "--credentials", str(folder / "credentials.yml"),
        ]
        patched = {
            "WENBU_RASA_TOKEN": TOKEN, "WENBU_RASA_PORT": str(ports["patched"]), "WENBU_ACTIONS_URL": actions_url,
            "WENBU_BOT_STATE": str(folder / "bot.sqlite"), "WENBU_MODEL": MODEL,
        }
        servers: dict[str, Server] = {}
        try:
            for key, command, environment in (
                ("actions", [sys.executable, "-m", "actions"], {"WENBU_ACTIONS_PORT": str(ports["actions"])}),
                ("stock", stock, quiet),
                ("patched", [str(RASA_PYTHON), "-m", "bot.serve"], patched),
            ):
                servers[key] = Server(key, command, environment, ports[key], folder / f"{key}.log")
                servers[key].wait("/health" if key == "actions" else "/")
            times: dict[str, list[float]] = {"stock": [], "patched": []}
            connections = {key: http.client.HTTPConnection("127.0.0.1", ports[key]) for key in times}
            for connection in connections.values():
                converse(connection)  # warm up
            for _ in range(conversations):
                for key, connection in connections.items():
                    times[key] += converse(connection)
            result = {
                key: {"p50": (cuts := quantiles(values, n=100))[49], "p95": cuts[94]} for key, values in times.items()
            }
            for key, server in servers.items():
                result.setdefault(key, {}).update(start_seconds=server.start_seconds, memory_mb=server.memory_mb())
            return result
        finally:
            for server in servers.values():
                server.stop()


def main() -> None:
    """Print the comparison."""
    parser = argparse.ArgumentParser(prog="python -m bench.turn")
    parser.add_argument("--conversations", type=int, default=30)
    parser.add_argument("--json", action="store_true", help="只输出 JSON")
    options = parser.parse_args()
    result = measure(options.conversations)
    stock, patched = result["stock"], result["patched"]
    if options.json:
        print(json.dumps(result))
        return
    print(f"一轮对话(毫秒),{options.conversations} 段对话 × {len(DIALOGUE)} 轮,同一模型、同一动作服务")
    for cut in ("p50", "p95"):
        print(f"  {cut}: 原版 Rasa {stock[cut]:6.1f}   启动补丁 {patched[cut]:6.1f}   快 {stock[cut] / patched[cut]:.1f} 倍")
    for key, label in (("actions", "动作服务"), ("stock", "原版 Rasa"), ("patched", "启动补丁 Rasa")):
        print(f"  {label}: 启动 {result[key]['start_seconds']:.1f} 秒,内存 {result[key]['memory_mb']:.0f} MB")


if __name__ == "__main__":
    main()
