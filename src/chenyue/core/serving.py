"""The processes of one machine: a parent that keeps the web server and the job workers alive.

The parent loads the product once, then forks; what it loaded is shared by all. It stays without
threads, so that a child that died can be forked again at any moment.
"""

import asyncio
import contextlib
import ctypes
import gc
import logging
import os
import resource
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Any

from django.db import connections

from chenyue.core import holes
from chenyue.core.accepting import BACKLOG, Acceptor, Shares

log = logging.getLogger(__name__)

FILES = 8192  # open files of the web process: a watcher of a live page is one
GRACE = 12.0  # seconds a child has to finish what it does
PR_SET_PDEATHSIG, M_ARENA_MAX = 1, -8


_loaders: list[Callable[[], object]] = []


def share(load: Callable[[], object]) -> None:
    """Register what to load before the children are forked: all of them then have it in the same memory."""
    _loaders.append(load)


def load_shared() -> None:
    """Load it."""
    for load in _loaders:
        load()


def in_child(act: Callable[[], Any]) -> None:
    """Do something heavy in a child of its own, so that the memory it takes is given back.

    Raises RuntimeError if it fails; its own words are on standard error.
    """
    connections.close_all()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            act()
            code = 0
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            os._exit(code)
    _pid, status = os.waitpid(child, 0)
    if status:
        raise RuntimeError("preparing the office failed; the reason is above")


def listen(host: str, port: int) -> socket.socket:
    """The listening socket; OSError if the port is taken. It outlives a web server that dies."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    server = socket.socket(family, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((host, port))
    server.listen(BACKLOG)
    server.set_inheritable(True)
    return server


def web(server: socket.socket, shares: Shares | None = None, number: int = 0) -> None:
    """A web server: one process, one loop, Django on threads. `shares` are common to all of them."""
    import uvicorn

    from chenyue.core import heads
    from chenyue.core.server import make_front

    _make_room()
    gc.set_threshold(10_000, 10, 10)  # a page makes some thousand objects; looking through them each 700 costs 3 %
    front = make_front()
    config = uvicorn.Config(
        front, http=heads.Protocol, log_config=None, access_log=False, server_header=False, proxy_headers=True,
        timeout_graceful_shutdown=int(GRACE) - 2, timeout_keep_alive=15,
    )  # fmt: skip

    class Server(uvicorn.Server):
        acceptor: Acceptor

        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            front.closing = True
            super().handle_exit(sig, frame)

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets=[])
            connections = self.server_state.connections
            self.acceptor = Acceptor(server, self._take, lambda: len(connections), shares or Shares(1), number)

        async def _take(self, connection: socket.socket) -> None:
            def protocol() -> Any:
                return config.http_protocol_class(  # type: ignore[call-arg]
                    config=config, server_state=self.server_state, app_state=self.lifespan.state
                )

            await asyncio.get_running_loop().connect_accepted_socket(protocol, connection)

        async def on_tick(self, counter: int) -> bool:
            self.acceptor.tell()
            return await super().on_tick(counter)

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            self.acceptor.close()
            server.close()
            await super().shutdown(sockets)

    Server(config).run()


def _make_room() -> None:
    """Let this process hold as many connections as it may, up to `FILES`: whoever watches a live page holds one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def jobs() -> None:
    """The job workers: django-q2's sentinel with its worker, pusher and monitor, and the clock that all ticks go by."""
    from django.utils import timezone
    from django_q.cluster import Sentinel

    from chenyue.core import minding, ticks

    # Without it no promise is watched, no letter goes out again, nothing appears by itself.
    minding.when_there(ticks.ensure_schedule)
    minding.when_there(lambda: minding.catch_up(timezone.now()))
    watch(Sentinel)


def watch(sentinel: type[Any]) -> None:
    """Run a sentinel of this kind until it is told to stop."""
    import uuid

    from chenyue.core.minding import Flag, Pulse, minder

    connections.close_all()  # the workers are forked from here, and none may share a connection
    minder(sentinel)(Flag(Pulse()), Flag(), uuid.uuid4())


@dataclass
class Child:
    """A process that is kept alive."""

    name: str
    run: Callable[[], None]
    pid: int = 0
    started: float = 0.0
    quick_deaths: int = 0


class Keeper:
    """Starts the children, starts again what dies, and stops them all when told to."""

    def __init__(self, *children: Child) -> None:
        self.children = children
        self.stopping = False

    def run(self) -> int:
        """Until SIGTERM or SIGINT; the exit code."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        os.register_at_fork(after_in_child=_die_with_parent)
        _share_memory()
        for child in self.children:
            self._start(child)
        code = 0
        while not self.stopping:
            code = self._wait_for_one()
        self._end_all()
        return code

    def _start(self, child: Child) -> None:
        child.started = time.monotonic()
        child.pid = os.fork()
        if child.pid == 0:
            code = 1
            try:
                gc.enable()
                signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the parent, which tells us
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                child.run()
                code = 0
            except SystemExit as end:
                code = int(end.code or 0)
            except BaseException:
                log.exception("%s failed", child.name)
            finally:
                os._exit(code)

    def _wait_for_one(self) -> int:
        try:
            pid, status = os.waitpid(-1, 0)
        except (InterruptedError, ChildProcessError):
            return 0
        for child in self.children:
            if child.pid == pid and not self.stopping:
                return self._again(child, status)
        return 0

    def _again(self, child: Child, status: int) -> int:
        lived = time.monotonic() - child.started
        child.quick_deaths = child.quick_deaths + 1 if lived < 5 else 0
        log.error("%s ended (%s) and is started again", child.name, os.waitstatus_to_exitcode(status))
        if child.quick_deaths >= 5:
            log.critical("%s dies at once, five times in a row: giving up", child.name)
            child.pid = 0
            self.stopping = True
            return 1
        time.sleep(min(child.quick_deaths, 3))
        if not self.stopping:
            self._start(child)
        return 0

    def _stop(self, signum: int, frame: FrameType | None) -> None:
        self.stopping = True
        for child in self.children:
            if child.pid:
                _signal(child.pid, signal.SIGTERM)

    def _end_all(self) -> None:
        self._stop(signal.SIGTERM, None)
        until = time.monotonic() + GRACE
        left = {child.pid for child in self.children if child.pid}
        while left and time.monotonic() < until:
            left = {pid for pid in left if not _ended(pid)}
            time.sleep(0.05 if left else 0)
        for pid in left:
            _signal(pid, signal.SIGKILL)


def _ended(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG)[0] != 0
    except ChildProcessError:
        return True


def _signal(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _share_memory() -> None:
    """Keep what is loaded on pages that children share, and what threads free from staying with them."""
    connections.close_all()
    gc.collect()
    gc.freeze()
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        libc.mallopt(M_ARENA_MAX, 1)
        libc.malloc_trim(0)
    holes.fill()


def _die_with_parent() -> None:
    """A child whose parent was killed stops too (Linux)."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "prctl"):
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
