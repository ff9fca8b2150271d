"""Machines made of namespaces: each has a network address, processes and folders of its own, and can be cut off.

Each sees the files of deploy/ha in their places: its own `etc` lies over that of the real machine, its own
`/var/lib/postgresql`, `/var/lib/etcd` and `/run/postgresql` in place of it. Needs root, and Linux.
"""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

BRIDGE, NETWORK, GATEWAY = "chyha0", "10.77.77", 254
INIT = Path(__file__).with_name("init.py")
OWN = ("/var/lib/postgresql", "/var/lib/etcd", "/run/postgresql", "/run/haproxy")
RESTART = re.compile(r"^RestartSec=(\d+)", re.MULTILINE)


def ip(*words: object) -> None:
    """One command of iproute2. Raises RuntimeError."""
    done = subprocess.run(["ip", *map(str, words)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"ip {' '.join(map(str, words))}: {done.stderr.strip()}")


class Network:
    """A switch to which all machines are plugged; the real machine is one of them."""

    address = f"{NETWORK}.{GATEWAY}"

    def make(self) -> None:
        self.remove()
        ip("link", "add", BRIDGE, "type", "bridge")
        ip("addr", "add", f"{self.address}/24", "dev", BRIDGE)
        ip("link", "set", BRIDGE, "up")

    def remove(self) -> None:
        with contextlib.suppress(RuntimeError):
            ip("link", "delete", BRIDGE)


class Machine:
    """One machine. `root` holds its folders; with `number` it has an address of its own, else that of the real one."""

    def __init__(self, name: str, root: Path, number: int | None) -> None:
        self.name, self.root, self.number = name, root, number
        self.address = f"{NETWORK}.{number}" if number else Network.address
        self.net, self.cable = f"chyha-{name}", f"chyha-{name}"
        self.outer: subprocess.Popen[bytes] | None = None
        self.services: list[dict[str, Any]] = []
        for place in OWN:
            (root / place[1:]).mkdir(parents=True, exist_ok=True)
        (root / "log").mkdir(mode=0o777, exist_ok=True)

    def plug_in(self) -> None:
        """Its network, made anew."""
        self.unplug()
        ip("netns", "add", self.net)
        ip("link", "add", self.cable, "type", "veth", "peer", "name", "eth0", "netns", self.net)
        ip("link", "set", self.cable, "master", BRIDGE, "up")
        ip("-n", self.net, "addr", "add", f"{self.address}/24", "dev", "eth0")
        ip("-n", self.net, "link", "set", "eth0", "up")
        ip("-n", self.net, "link", "set", "lo", "up")

    def unplug(self) -> None:
        for words in (("link", "delete", self.cable), ("netns", "delete", self.net)):
            with contextlib.suppress(RuntimeError):
                ip(*words)

    def serve(self, name: str, user: str, command: Sequence[str], environment: dict[str, str] | None = None) -> None:
        """A service that runs whenever the machine is on."""
        unit = self.root / "etc" / "systemd" / "system" / f"{name}.service.d" / "chenyue.conf"
        said = RESTART.search(unit.read_text()) if unit.exists() else None
        log = self.root / "log" / f"{name}.log"
        self.services.append({
            "name": name, "user": user, "command": list(command), "environment": environment or {},
            "log": str(log), "again": int(said[1]) if said else 1,
        })  # fmt: skip

    def switch_on(self) -> None:
        """Start it with all its services."""
        told = self.root / "services.json"
        told.write_text(json.dumps(self.services))
        mounts = [f"mount -t overlay overlay -o lowerdir={self.root}/etc:/etc /etc"]
        mounts += [f"mkdir -p {place} && mount --bind {self.root}{place} {place}" for place in OWN]
        script = f"mount --make-rprivate / && {' && '.join(mounts)} && exec {sys.executable} -I {INIT} {told}"
        # On real machines clients and pages wouldn't take the processor from the cluster.
        space = "nice -n -5 unshare --mount --pid --fork --mount-proc --kill-child=SIGKILL"
        command = [*space.split(), "sh", "-c", script]
        if self.number:
            command = ["ip", "netns", "exec", self.net, *command]
        with (self.root / "log" / "machine.log").open("ab") as log:
            self.outer = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)

    def switch_off(self) -> None:
        """Pull the plug: all its processes are gone at once."""
        if self.outer is not None:
            with contextlib.suppress(ProcessLookupError):
                self.outer.kill()
            self.outer.wait()
            self.outer = None

    def processes(self) -> dict[int, str]:
        """Its living processes, by their number on the real machine: what each is called."""
        mine = self._space()
        found: dict[int, str] = {}
        for folder in Path("/proc").iterdir() if mine else ():
            if folder.name.isdigit():
                with contextlib.suppress(OSError):
                    if os.readlink(folder / "ns" / "pid") == mine:
                        found[int(folder.name)] = _called(folder)
        return found

    def _space(self) -> str:
        """What all its processes have in common; "" while it has none. Never that of the real machine."""
        if self.outer is None:
            return ""
        try:
            found = os.readlink(f"/proc/{self.outer.pid}/ns/pid_for_children")
        except OSError:
            return ""
        return "" if found == os.readlink("/proc/self/ns/pid") else found

    def signal(self, number: int, *names: str) -> int:
        """Send a signal to all of its processes that are called so (all but the first without names); how many."""
        hit = 0
        for pid, name in self.processes().items():
            if name in names or (not names and name != "init"):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
                    hit += 1
        return hit

    def kill(self, *names: str) -> None:
        """Kill -9 of all that is called so."""
        self.signal(signal.SIGKILL, *names)

    def freeze(self, *names: str) -> None:
        """Let it hang: nothing runs, nothing answers, connections stay open. Twice, for what was being born."""
        for _time in range(2):
            self.signal(signal.SIGSTOP, *names)
            time.sleep(0.05)

    def thaw(self) -> None:
        self.signal(signal.SIGCONT)

    def cut(self) -> None:
        """Pull its cable out of the switch: what is sent to it or by it vanishes."""
        ip("link", "set", self.cable, "nomaster")

    def heal(self) -> None:
        ip("link", "set", self.cable, "master", BRIDGE)


def _called(folder: Path) -> str:
    """What a process is: init, patroni, postgres, etcd, haproxy, or its own name."""
    words = (folder / "cmdline").read_bytes().split(b"\0")
    if any(word.endswith(b"/chaos/ha/init.py") for word in words):
        return "init"
    if any(word.endswith(b"/patroni") for word in words[:3]):
        return "patroni"
    name = (folder / "comm").read_text().strip()
    return "postgres" if words[0].startswith(b"postgres") else name
