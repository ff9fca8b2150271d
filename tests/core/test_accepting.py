"""Connections are shared among web processes; here several acceptors stand for them in one loop."""

import asyncio
import socket
from collections.abc import Callable, Iterator

import pytest

from chenyue.core.accepting import Acceptor, Shares


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        found.listen(64)
        yield found


class Process:
    """One that serves what it accepts."""

    def __init__(self, listening: socket.socket, shares: Shares, number: int) -> None:
        self.serves: list[socket.socket] = []
        self.door = listening.dup()
        self.acceptor = Acceptor(self.door, self.take, lambda: len(self.serves), shares, number)

    async def take(self, connection: socket.socket) -> None:
        self.serves.append(connection)

    def end(self) -> None:
        self.acceptor.close()
        for one in (self.door, *self.serves):
            one.close()


async def until(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not happened():
            await asyncio.sleep(0)


def connect(listening: socket.socket, count: int) -> list[socket.socket]:
    return [socket.create_connection(listening.getsockname()) for _one in range(count)]


def test_each_process_takes_its_share(listening: socket.socket) -> None:
    async def story() -> list[int]:
        shares = Shares(2)
        two = [Process(listening, shares, number) for number in range(2)]
        callers = connect(listening, 8)
        await until(lambda: sum(len(p.serves) for p in two) == 8)
        found = [len(p.serves) for p in two]
        for caller in callers:
            caller.close()
        for process in two:
            process.end()
        return found

    found = asyncio.run(story())
    assert sum(found) == 8
    assert min(found) >= 3, "one on its way may be counted twice for a moment"


def test_nobody_waits_long_for_one_that_does_not_take_its_share(listening: socket.socket) -> None:
    async def story() -> int:
        one = Process(listening, Shares(2), 0)  # the second never comes
        callers = connect(listening, 3)
        await until(lambda: len(one.serves) == 3)
        for caller in callers:
            caller.close()
        one.end()
        return len(one.serves)

    assert asyncio.run(story()) == 3


def test_an_acceptor_that_is_closed_takes_no_more(listening: socket.socket) -> None:
    async def story() -> int:
        shares = Shares(2)
        gone, stays = (Process(listening, shares, number) for number in range(2))
        gone.acceptor.close()
        callers = connect(listening, 3)
        await until(lambda: len(stays.serves) == 3)
        taken = len(gone.serves)
        for caller in callers:
            caller.close()
        gone.end()
        stays.end()
        return taken

    assert asyncio.run(story()) == 0


def test_want_of_open_files_is_no_end(listening: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chenyue.core.accepting.FULL", 0.0)

    async def story() -> int:
        process = Process(listening, Shares(1), 0)
        real, refused = process.door.accept, []

        class Full:
            """A socket for which there is no open file left, once."""

            def accept(self) -> object:
                if not refused:
                    refused.append(True)
                    raise OSError(24, "Too many open files")
                return real()

            def fileno(self) -> int:
                return process.door.fileno()

        process.acceptor._listening = Full()  # type: ignore[assignment]
        callers = connect(listening, 2)
        await until(lambda: len(process.serves) == 2)
        for caller in callers:
            caller.close()
        process.acceptor._listening = process.door
        process.end()
        return len(refused)

    assert asyncio.run(story()) == 1
