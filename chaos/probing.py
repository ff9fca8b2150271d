"""Do the job workers still work? `python -m chaos.probing FILE` asks for a job that makes this file."""

import sys
from pathlib import Path


def touch(path: str) -> None:
    """What the worker does."""
    Path(path).write_text("done", "utf-8")


if __name__ == "__main__":
    from chaos.office import setup

    setup()
    from django_q.tasks import async_task

    async_task("chaos.probing.touch", sys.argv[1])
