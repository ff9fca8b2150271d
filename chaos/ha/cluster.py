"""Three machines with what deploy/ha ships for them, and the machine of the product with its HAProxy."""

import json
import shutil
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from chaos.ha.machines import Machine, Network

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "deploy" / "ha"
PROGRAMS = {
    "patroni": "patroni", "etcd": "etcd-server", "haproxy": "haproxy", "ip": "iproute2", "openssl": "openssl",
    "unshare": "util-linux", "nsenter": "util-linux",
}  # fmt: skip
WHOLE = 120.0  # seconds that a cluster may take to be whole again
DATABASE = "chaos"
CLOSE = 2**24  # bytes by which a standby may lie behind


def absent() -> list[str]:
    """Debian's packages that are missing here."""
    found = {package for program, package in PROGRAMS.items() if shutil.which(program, path=PATH) is None}
    found |= set() if Path("/usr/lib/postgresql/15/bin/postgres").exists() else {"postgresql-15"}
    found |= set() if Path("/usr/lib/python3/dist-packages/idna").exists() else {"python3-idna"}
    return sorted(found)


PATH = "/usr/sbin:/usr/bin:/sbin:/bin"


class Cluster:
    """It quacks like `chaos.postgres.Cluster` where a stage asks for its address."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port, self.network = folder, port, Network()
        self.nodes = {name: Machine(name, folder / name, number) for number, name in enumerate("abc", start=1)}
        self.office = Machine("office", folder / "office", None)

    def make(self) -> None:
        """All files as they are shipped, by the shipped programs."""
        machines = [("node", one) for one in self.nodes.values()] + [("office", self.office)]
        said = f'name = "chenyue"\ndatabase = "{DATABASE}"\nport = {self.port}\n'
        said += "".join(f'[[{kind}]]\nname = "{one.name}"\naddress = "{one.address}"\n' for kind, one in machines)
        told, out = self.folder / "cluster.toml", self.folder / "made"
        told.write_text(said)
        run(sys.executable, SHIPPED / "make_files.py", told, out)
        for _kind, one in machines:
            run("sh", SHIPPED / "install.sh", out / one.name, one.root)
        for node in self.nodes.values():
            shutil.chown(node.root / "var/lib/postgresql", "postgres", "postgres")
            shutil.chown(node.root / "run/postgresql", "postgres", "postgres")
            shutil.chown(node.root / "var/lib/etcd", "etcd", "etcd")
            (node.root / "var/lib/etcd").chmod(0o700)
            lines = (node.root / "etc/default/etcd").read_text().splitlines()
            told_etcd = dict(line.split("=", 1) for line in lines if line.startswith("ETCD_"))
            node.serve("etcd", "etcd", ["/usr/bin/etcd"], told_etcd)
            node.serve("patroni", "postgres", ["/usr/bin/patroni", "/etc/patroni/config.yml"])
        self.office.serve("haproxy", "root", ["/usr/sbin/haproxy", "-db", "-f", "/etc/haproxy/haproxy.cfg"])
        self.context = ssl.create_default_context(cafile=str(self.office.root / "etc/chenyue-ha/ca.crt"))

    def start(self) -> None:
        """Switch all machines on, and wait until the cluster is whole."""
        self.network.make()
        for node in self.nodes.values():
            node.plug_in()
            node.switch_on()
        self.office.switch_on()
        if self.wait_whole() is None:
            raise SystemExit(f"The cluster didn't come up; look at {self.folder}/*/log")

    def remove(self) -> None:
        """Leave nothing behind: no process, no network."""
        for one in (*self.nodes.values(), self.office):
            one.switch_off()
        for node in self.nodes.values():
            node.unplug()
        self.network.remove()

    def query(self, _statement: str) -> str:
        """Nothing: the database was made as Patroni makes it where the cluster begins."""
        return ""

    def copy(self, _source: str, _target: str) -> None:
        """Nothing: there is one office, and one run on it."""

    def url(self, _name: str) -> str:
        """As DATABASE_URL: what is shipped to the product's machine, through HAProxy."""
        text = (self.office.root / "etc/chenyue-ha/chenyue.env").read_text()
        found = next(line for line in text.splitlines() if line.startswith("DATABASE_URL="))
        return found.partition("=")[2].replace("/etc/chenyue-ha", f"{self.office.root}/etc/chenyue-ha")

    def inside(self, node: str) -> str:
        """How a program on that machine itself reaches its PostgreSQL, also when the machine is cut off."""
        password = (self.folder / "made/secrets/office_password").read_text()
        place = self.nodes[node].root / "run/postgresql"
        return f"host={place} dbname={DATABASE} user={DATABASE} password={password} connect_timeout=3"

    def ask(self, node: str, path: str, seconds: float = 2.0) -> tuple[int, Any]:
        """What a machine's Patroni answers: status and body; 0 and None where it doesn't."""
        url = f"https://{self.nodes[node].address}:8008{path}"
        try:
            with urllib.request.urlopen(url, timeout=seconds, context=self.context) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, None
        except (OSError, ValueError):
            return 0, None

    def members(self) -> dict[str, dict[str, Any]]:
        """How the cluster sees itself, told by whichever machine answers first."""
        for name in self.nodes:
            status, said = self.ask(name, "/cluster")
            if status == 200 and said.get("members"):
                return {one["name"]: one for one in said["members"]}
        return {}

    def role(self, role: str) -> str | None:
        """The machine that is `leader` or `sync_standby` now."""
        return next((name for name, one in self.members().items() if one["role"] == role), None)

    def whole(self) -> bool:
        """Whether all see the same: one leads, all follow it closely, one in step; and HAProxy knows it alone."""
        leads = self.open()
        return len(leads) == 1 and all(self._sees(name, leads[0]) for name in self.nodes)

    def _sees(self, name: str, leader: str) -> bool:
        status, said = self.ask(name, "/cluster")
        if status != 200:
            return False
        found = {one["name"]: one for one in said["members"]}
        roles = sorted(one["role"] for one in found.values())
        well = all(one["state"] in ("running", "streaming") for one in found.values())
        lags = [one.get("lag", 0) for one in found.values()]
        close = all(isinstance(lag, int) and lag < CLOSE for lag in lags)
        same = len({one.get("timeline") for one in found.values()}) == 1  # a former leader has been wound back
        there = roles == ["leader", "replica", "sync_standby"] and found[leader]["role"] == "leader"
        return there and well and close and same

    def wait_whole(self, seconds: float = WHOLE) -> float | None:
        """Seconds until it is whole; None if it isn't by then."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            if self.whole():
                return time.monotonic() - began
            time.sleep(0.5)
        return None

    def open(self) -> list[str]:
        """Machines to which HAProxy lets the product connect."""
        return sorted(name for name, state in self._haproxy() if state.startswith("UP"))

    def _haproxy(self) -> list[tuple[str, str]]:
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(2)
                line.connect(str(self.office.root / "run/haproxy/admin.sock"))
                line.sendall(b"show stat\n")
                with line.makefile(encoding="utf-8") as answer:
                    rows = [row.split(",") for row in answer]
        except OSError:
            return []
        return [(row[1], row[17]) for row in rows if len(row) > 17 and row[1] in self.nodes]

    def command(self, node: str, *words: str) -> str:
        """A command on one of the machines, as whoever looks after it would type it."""
        first = next(pid for pid, name in self.nodes[node].processes().items() if name == "init")
        return run("nsenter", "-t", first, "-m", "-n", "--", *words)


def run(*words: object) -> str:
    """A command that must succeed; what it says. Raises RuntimeError."""
    done = subprocess.run([*map(str, words)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{words[0]}: {(done.stderr or done.stdout).strip()[-500:]}")
    return done.stdout
