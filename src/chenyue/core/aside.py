"""Heavy work in a process of its own, at hours when hardly anybody waits.

Its libraries never enter the worker, its memory goes when it ends, and pages come first (`NICE`). A machine that is
off at night makes up for it at lunch or in the evening, not while people queue after it was switched on.
"""

import os
import shutil
import subprocess
import sys
from datetime import datetime

from django.conf import settings
from django.utils import timezone

QUIET = frozenset((*range(1, 6), 12, 13, *range(18, 24)))  # o'clock at the office
NICE = 10


def is_quiet(at: datetime) -> bool:
    """Whether it is an hour for heavy work."""
    return timezone.localtime(at).hour in QUIET


def run(*command: str, longest: float) -> str:
    """What `manage.py` with these words prints. Raises RuntimeError with the end of its complaint, TimeoutExpired."""
    gently = [nice, "-n", str(NICE)] if (nice := shutil.which("nice")) else []
    line = [*gently, sys.executable, os.fspath(settings.ROOT / "manage.py"), *command]
    done = subprocess.run(line, capture_output=True, text=True, timeout=longest, check=False)  # noqa: S603 – our own
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed: {done.stderr[-500:]}")
    return done.stdout.strip()
