#!/usr/bin/env python3
"""Makes of cluster.toml the files that go onto each machine of a cluster, with passwords and certificates of its own.

    python3 deploy/ha/make_files.py cluster.toml out/

`out/a/` is what belongs onto machine a, by its paths there; docs/ha.md says how it gets there and who owns what.
Passwords and the key of the certificate authority are made once and kept in `out/secrets/` (mode 0700): the same
command with a changed cluster.toml keeps them. Nothing but Python and openssl is needed.
"""

import ipaddress
import re
import secrets
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parent / "templates"
MARK = re.compile(r"@([A-Z][A-Z_]*)@")
NAME = re.compile(r"[a-z][a-z0-9]{0,20}")
DAYS = 3650  # of certificates
PASSWORDS = ("OFFICE_PASSWORD", "REPLICATION_PASSWORD", "REWIND_PASSWORD")
SYSTEMD = "etc/systemd/system"
# Where each template goes, and its mode there. What holds a password is its owner's alone.
OF_NODE = {
    "patroni.yml": ("etc/patroni/config.yml", 0o600),
    "etcd.env": ("etc/default/etcd", 0o644),
    "make_database.sql": ("etc/chenyue-ha/make_database.sql", 0o600),
    "patroni.service.conf": (f"{SYSTEMD}/patroni.service.d/chenyue.conf", 0o644),
    "etcd.service.conf": (f"{SYSTEMD}/etcd.service.d/chenyue.conf", 0o644),
    "createcluster.conf": ("etc/postgresql-common/createcluster.conf", 0o644),
}
OF_OFFICE = {
    "haproxy.cfg": ("etc/haproxy/haproxy.cfg", 0o644),
    "chenyue.env": ("etc/chenyue-ha/chenyue.env", 0o600),
    "chenyue.service.conf": (f"{SYSTEMD}/chenyue.service.d/ha.conf", 0o644),
}
OF_FILES = {
    "chenyue-files.service": (f"{SYSTEMD}/chenyue-files.service", 0o644),
    "chenyue-files.timer": (f"{SYSTEMD}/chenyue-files.timer", 0o644),
}


class Wrong(Exception):
    """cluster.toml can't be used; the words say why."""


@dataclass(frozen=True)
class Machine:
    """One machine, by its name and the address at which the others reach it."""

    name: str
    address: str

    @property
    def range(self) -> str:
        """The address as pg_hba wants it: this machine and no other."""
        return str(ipaddress.ip_network(self.address))


@dataclass(frozen=True)
class Cluster:
    """What cluster.toml says."""

    name: str
    database: str
    port: int
    nodes: list[Machine]
    offices: list[Machine]

    def machines(self) -> dict[str, Machine]:
        """All of them, once each."""
        return {one.name: one for one in [*self.nodes, *self.offices]}


def read(text: str) -> Cluster:
    """Of cluster.toml. Raises Wrong."""
    try:
        said = tomllib.loads(text)
        nodes = [Machine(**one) for one in said["node"]]
        offices = [Machine(**one) for one in said["office"]]
        found = Cluster(said["name"], said["database"], int(said.get("port", 5000)), nodes, offices)
        for one in found.machines().values():
            ipaddress.ip_address(one.address)
    except (KeyError, TypeError, ValueError) as error:
        raise Wrong(f"cluster.toml: {error!r}; see deploy/ha/cluster.example.toml") from error
    for name in (found.name, found.database, *found.machines()):
        if not NAME.fullmatch(name):
            raise Wrong(f"“{name}”: names are small letters and digits, and begin with a letter")
    if len(nodes) < 3 or len(nodes) % 2 == 0:
        raise Wrong("Three machines hold the data, or five: of two, neither can tell whether the other is dead.")
    if len({one.address for one in nodes}) < len(nodes) or len({one.name for one in nodes}) < len(nodes):
        raise Wrong("Each machine has a name and an address of its own.")
    for one in offices:
        if found.machines()[one.name].address != one.address or not one.name:
            raise Wrong(f"“{one.name}” has two addresses.")
    return found


def values(cluster: Cluster, machine: Machine, passwords: dict[str, str]) -> dict[str, str]:
    """What stands in place of each mark on this machine."""
    hba = [f"hostssl replication replicator {one.range} scram-sha-256" for one in cluster.nodes]
    hba += [f"hostssl postgres rewind {one.range} scram-sha-256" for one in cluster.nodes]
    who = f"{cluster.database} {cluster.database}"
    hba += [f"hostssl {who} {one.range} scram-sha-256" for one in cluster.offices]
    others = [one for one in cluster.offices if one.name != machine.name]
    return passwords | {
        "CLUSTER": cluster.name, "DATABASE": cluster.database, "PORT": str(cluster.port),
        "NODE": machine.name, "ADDRESS": machine.address, "STANDBY": others[0].address if others else "",
        "ETCD_HOSTS": ",".join(f"{one.address}:2379" for one in cluster.nodes),
        "ETCD_CLUSTER": ",".join(f"{one.name}=https://{one.address}:2380" for one in cluster.nodes),
        "HBA": "\n".join(f"    - {line}" for line in hba),
        "SERVERS": "\n".join(f"    server {one.name} {one.address}:5432" for one in cluster.nodes),
    }  # fmt: skip


def fill(template: str, known: dict[str, str]) -> str:
    """A template with all its marks filled. Raises KeyError for a mark that nobody knows."""
    return MARK.sub(lambda found: known[found[1]], template)


def files(cluster: Cluster, machine: Machine, passwords: dict[str, str]) -> dict[str, tuple[str, int]]:
    """All files of a machine: path → what is in it, and its mode."""
    wanted: dict[str, tuple[str, int]] = {}
    wanted |= OF_NODE if machine in cluster.nodes else {}
    wanted |= OF_OFFICE if machine in cluster.offices else {}
    wanted |= OF_FILES if machine in cluster.offices and len(cluster.offices) > 1 else {}
    known = values(cluster, machine, passwords)
    return {
        path: (fill((TEMPLATES / name).read_text(encoding="utf-8"), known), mode)
        for name, (path, mode) in wanted.items()
    }


def make(cluster: Cluster, out: Path) -> None:
    """Write the files of all machines; what was there of them before is replaced, passwords and keys are kept."""
    kept = out / "secrets"
    kept.mkdir(parents=True, exist_ok=True, mode=0o700)
    passwords = {name: _password(kept / name.lower()) for name in PASSWORDS}
    _authority(kept, cluster.name)
    for machine in cluster.machines().values():
        root = out / machine.name
        shutil.rmtree(root, ignore_errors=True)
        for path, (text, mode) in files(cluster, machine, passwords).items():
            _write(root / path, text, mode)
        place = root / "etc" / "chenyue-ha"
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy(kept / "ca.crt", place / "ca.crt")
        if machine in cluster.nodes:
            _certificate(kept, machine)
            for owner in ("postgres", "etcd"):  # each reads its own: neither may read what the other owns
                shutil.copy(kept / f"{machine.name}.crt", place / f"{owner}.crt")
                _write(place / f"{owner}.key", (kept / f"{machine.name}.key").read_text(), 0o600)


def _write(path: Path, text: str, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=mode)
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)


def _password(path: Path) -> str:
    if not path.exists():
        _write(path, secrets.token_hex(24), 0o600)
    return path.read_text()


def _openssl(*words: object) -> None:
    done = subprocess.run(["openssl", *map(str, words)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Wrong(f"openssl {words[0]}: {done.stderr.strip()[-300:]}")


def _authority(kept: Path, name: str) -> None:
    if (kept / "ca.crt").exists():
        return
    _openssl(
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc", "-days", DAYS,
        "-subj", f"/CN={name} cluster", "-keyout", kept / "ca.key", "-out", kept / "ca.crt",
        "-addext", "keyUsage=critical,keyCertSign,cRLSign",
    )  # fmt: skip


def _certificate(kept: Path, machine: Machine) -> None:
    key, request, certificate = (kept / f"{machine.name}.{kind}" for kind in ("key", "csr", "crt"))
    mark = kept / f"{machine.name}.address"
    if certificate.exists() and mark.read_text() == machine.address:
        return
    _openssl(
        "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc",
        "-subj", f"/CN={machine.name}", "-keyout", key, "-out", request,
    )  # fmt: skip
    extensions = kept / f"{machine.name}.ext"
    extensions.write_text(
        f"subjectAltName=DNS:{machine.name},IP:{machine.address},IP:127.0.0.1\n"
        "extendedKeyUsage=serverAuth,clientAuth\nkeyUsage=digitalSignature\nbasicConstraints=CA:FALSE\n"
    )
    _openssl(
        "x509", "-req", "-in", request, "-CA", kept / "ca.crt", "-CAkey", kept / "ca.key", "-CAcreateserial",
        "-days", DAYS, "-extfile", extensions, "-out", certificate,
    )  # fmt: skip
    mark.write_text(machine.address)


def main() -> int:
    """0: made; 2: refused, with a sentence."""
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        make(read(Path(sys.argv[1]).read_text(encoding="utf-8")), Path(sys.argv[2]))
    except (Wrong, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
