"""A Redis of a few commands over a real socket, so that our client code speaks to what it will speak to."""

import asyncio
import time


class SmallRedis:
    """In the third version of its protocol: SET NX EX, GET, DEL, SADD, SMEMBERS, EXPIRE, MULTI, EXEC; anything else is answered with OK."""

    def __init__(self):
        self.data = {}
        self.sets = {}
        self._server = None
        self._writers = set()

    async def start(self, port=0):
        """Listen; gives the URL."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", port)
        return f"redis://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self):
        """Gone, with its connections."""
        self._server.close()
        for writer in self._writers:
            writer.close()

    async def _serve(self, reader, writer):
        self._writers.add(writer)
        queued = None
        try:
            while line := await reader.readline():
                words = []
                for _ in range(int(line[1:])):
                    length = int((await reader.readline())[1:])
                    words.append((await reader.readexactly(length + 2))[:-2].decode())
                name = words[0].upper()
                if name == "MULTI":
                    queued = []
                    writer.write(b"+OK\r\n")
                elif name == "EXEC":
                    writer.write(b"*%d\r\n" % len(queued) + b"".join(self._do(one) for one in queued))
                    queued = None
                elif queued is not None:
                    queued.append(words)
                    writer.write(b"+QUEUED\r\n")
                else:
                    writer.write(self._do(words))
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    def _do(self, words):
        name, rest = words[0].upper(), words[1:]
        if name == "SET":
            options = [word.upper() for word in rest[2:]]
            if "NX" in options and self._get(rest[0]) is not None:
                return b"_\r\n"
            seconds = float(rest[2:][options.index("EX") + 1]) if "EX" in options else 1e9
            self.data[rest[0]] = rest[1], time.monotonic() + seconds
        elif name == "GET":
            return _bulk(self._get(rest[0]))
        elif name == "SADD":
            self.sets.setdefault(rest[0], set()).update(rest[1:])
            return b":1\r\n"
        elif name == "SMEMBERS":
            members = sorted(self.sets.get(rest[0], ()))
            return b"*%d\r\n" % len(members) + b"".join(map(_bulk, members))
        elif name in ("DEL", "EXPIRE"):
            if name == "DEL":
                self.data.pop(rest[0], None)
                self.sets.pop(rest[0], None)
            return b":1\r\n"
        elif name == "HELLO":
            return b"%2\r\n$6\r\nserver\r\n$5\r\nredis\r\n$5\r\nproto\r\n:3\r\n"
        return b"+OK\r\n"

    def _get(self, name):
        value, expires = self.data.get(name, (None, 0))
        return value if expires > time.monotonic() else None


def _bulk(value):
    if value is None:
        return b"_\r\n"
    content = value.encode()
    return b"$%d\r\n" % len(content) + content + b"\r\n"
