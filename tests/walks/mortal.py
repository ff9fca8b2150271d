"""Processes of the product that are killed on purpose; started by test_kill.py on the database of the tests.

`web PORT`: two real web processes under their keeper; prints a process's id each time one is started.
`beats N`: files N appeals, each in a process that kills itself before its n-th statement.
`ticks N`: two processes take the steps of due cases at the same moment; one is killed before its n-th statement.
"""

import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

import settings

settings.DATABASES["default"]["NAME"] = os.environ["CHENYUE_MORTAL_DATABASE"]
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"

import django  # noqa: E402

django.setup()

from django.db import connection, connections  # noqa: E402

from chenyue.core import serving  # noqa: E402


def say(words: Any) -> None:
    """Print a line in one piece: two processes that print at once must not mix theirs."""
    os.write(1, f"{words}\n".encode())


def web(port: str) -> None:
    from chenyue.core.management.commands.serve import warm

    server = serving.listen("127.0.0.1", int(port))
    warm()

    def run() -> None:
        say(os.getpid())
        serving.web(server)

    serving.Keeper(*(serving.Child(f"web {number}", run) for number in (1, 2))).run()


def deadly(number: int) -> Callable[..., Any]:
    """An execute wrapper that kills this process before its `number`-th statement; 0 never."""
    seen = 0

    def wrapper(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    return wrapper


def in_fork(act: Callable[[], None], die_at: int) -> int:
    """Start `act` in a process of its own; the process's id."""
    connections.close_all()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            with connection.execute_wrapper(deadly(die_at)):
                act()
            code = 0
        finally:
            connections.close_all()
            os._exit(code)
    return pid


def beats(count: str) -> None:
    from chenyue.cases import intake
    from chenyue.core.actors import Actor

    at = datetime.fromisoformat(os.environ["CHENYUE_MORTAL_AT"])
    place = int(os.environ["CHENYUE_MORTAL_PLACE"])

    def file(number: int) -> None:
        reporter = intake.ReporterData(name="陈大明", phone=f"138{number:08d}")
        words = f"楼道的灯第{number}次不亮了，晚上看不见路。"
        filed = intake.file_appeal(
            words=words, channel="web", by=Actor("resident"), at=at, place_id=place, reporter=reporter
        )
        say(f"{number} {filed.appeal.receipt}")

    file(0)  # what is read once is read before anybody dies
    for number in range(1, int(count) + 1):
        os.waitpid(in_fork(lambda n=number: file(n), number), 0)


def ticks(die_at: str) -> None:
    from chenyue.cases import ticks as due

    at = datetime.fromisoformat(os.environ["CHENYUE_MORTAL_AT"])
    for fatal in (int(die_at), 0):
        pids = [in_fork(lambda: say(due.run_clocks(at)), number) for number in (fatal, 0)]
        for pid in pids:
            os.waitpid(pid, 0)


if __name__ == "__main__":
    {"web": web, "beats": beats, "ticks": ticks}[sys.argv[1]](sys.argv[2])
