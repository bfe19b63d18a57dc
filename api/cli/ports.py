"""Free ports, checked before anything is started: a line that says what to do instead of a stack trace later."""

import errno
import socket


class PortTaken(Exception):
    """The message says which port, and which variable moves it elsewhere."""


def require_free(host: str, port: int, variable: str) -> None:
    """Raise PortTaken unless a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # as servers do it: connections of the last run that are still being closed are no hindrance
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(_reason(error, host, port, variable)) from None


def _reason(error: OSError, host: str, port: int, variable: str) -> str:
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65535 else port - 1
        return f"端口 {port} 已被占用。请先停掉占用它的程序,或换一个端口:{variable}={other} make run"
    if error.errno == errno.EACCES:
        return f"没有权限使用端口 {port}。请换一个 1024 以上的端口,如:{variable}=8000 make run"
    return f"不能在 {host}:{port} 上监听({error.strerror})。请检查 {variable} 和 WENBU_HOST。"
