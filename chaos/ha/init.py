"""The first process of a machine: starts its services, starts them again when they end, buries what died.

It stands in for systemd, with what the shipped units say (`Restart=always`, `RestartSec`). It runs inside the machine's
own namespaces, so that whoever kills it switches the machine off. `python init.py SERVICES.json`.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

Service = dict[str, Any]  # name, command, user, environment, log, again: seconds


def start(service: Service) -> int:
    """Start it as its user; its number."""
    import pwd

    child = os.fork()
    if child:
        return child
    try:
        log = os.open(service["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.setsid()
        user = pwd.getpwnam(service["user"])
        os.initgroups(user.pw_name, user.pw_gid)
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)
        os.chdir("/")
        base = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": user.pw_dir, "LANG": "C.UTF-8"}
        os.execve(service["command"][0], service["command"], base | service["environment"])
    except BaseException as error:
        print(error, file=sys.stderr)
        os._exit(127)


def main(services: list[Service]) -> None:
    """Until it is killed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    running = {start(service): service for service in services}
    waiting: list[tuple[float, Service]] = []
    while True:
        try:
            while (found := os.waitpid(-1, os.WNOHANG))[0]:
                service = running.pop(found[0], None)
                if service is not None:
                    waiting.append((time.monotonic() + service["again"], service))
        except ChildProcessError:
            pass
        for due, service in [one for one in waiting if one[0] <= time.monotonic()]:
            waiting.remove((due, service))
            running[start(service)] = service
        time.sleep(0.05)


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text()))
