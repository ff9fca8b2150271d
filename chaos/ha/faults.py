"""What happens to the machines: processes are killed, machines hang, are cut off, lose power, hand over."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from chaos.ha.cluster import Cluster

LONGEST = 60.0  # seconds to wait for another leader at most
AFTER = 3.0  # seconds in which the old leader is still away while another one leads
Undo = Callable[[], None]


@dataclass(frozen=True)
class Fault:
    """One kind of fault. `strike` does it and gives what ends it; `of` says whom it hits."""

    name: str
    told: str
    strike: Callable[[Cluster, str], Undo]
    of: str = "leader"
    moves: bool = False  # whether it lasts until another machine leads
    lasts: float = 0.0  # seconds, where it doesn't


def nothing() -> None:
    """What died is started again by its own machine."""


def kill_postgres(cluster: Cluster, node: str) -> Undo:
    cluster.nodes[node].kill("postgres")
    return nothing


def kill_both(cluster: Cluster, node: str) -> Undo:
    cluster.nodes[node].kill("patroni", "postgres")
    return nothing


def kill_patroni(cluster: Cluster, node: str) -> Undo:
    cluster.nodes[node].kill("patroni")
    return nothing


def freeze(cluster: Cluster, node: str) -> Undo:
    cluster.nodes[node].freeze()
    return cluster.nodes[node].thaw


def freeze_postgres(cluster: Cluster, node: str) -> Undo:
    cluster.nodes[node].freeze("postgres")
    return cluster.nodes[node].thaw


def freeze_patroni(cluster: Cluster, node: str) -> Undo:
    cluster.nodes[node].freeze("patroni")
    return cluster.nodes[node].thaw


def cut(cluster: Cluster, node: str) -> Undo:
    cluster.nodes[node].cut()
    return cluster.nodes[node].heal


def power_off(cluster: Cluster, node: str) -> Undo:
    cluster.nodes[node].switch_off()
    return cluster.nodes[node].switch_on


def kill_etcd(cluster: Cluster, node: str) -> Undo:
    cluster.nodes[node].kill("etcd")
    return nothing


def freeze_etcd(cluster: Cluster, node: str) -> Undo:
    cluster.nodes[node].freeze("etcd")
    return cluster.nodes[node].thaw


def freeze_all_etcd(cluster: Cluster, _node: str) -> Undo:
    for one in cluster.nodes.values():
        one.freeze("etcd")

    def undo() -> None:
        for one in cluster.nodes.values():
            one.thaw()

    return undo


def hand_over(cluster: Cluster, node: str) -> Undo:
    """Planned, by the command that docs/ha.md names."""
    cluster.command(node, "patronictl", "-c", "/etc/patroni/config.yml", "switchover", "--force", "chenyue")
    return nothing


FAULTS = (
    Fault("kill", "leader: kill -9 of PostgreSQL and Patroni", kill_both),
    Fault("freeze", "leader: the machine hangs", freeze, moves=True),
    Fault("cut", "leader: cut off from everybody", cut, moves=True),
    Fault("power", "leader: loses power, comes back", power_off, moves=True),
    Fault("kill-pg", "leader: kill -9 of PostgreSQL alone", kill_postgres),
    Fault("freeze-patroni", "leader: Patroni hangs, PostgreSQL lives", freeze_patroni, moves=True),
    Fault("freeze-pg", "leader: PostgreSQL hangs, Patroni lives", freeze_postgres, moves=True),
    Fault("kill-patroni", "leader: kill -9 of Patroni alone", kill_patroni),
    Fault("switchover", "leader hands over, as planned", hand_over),
    Fault("standby-kill", "standby in step: kill -9 of PostgreSQL and Patroni", kill_both, of="sync_standby"),
    Fault("standby-freeze", "standby in step: the machine hangs", freeze, of="sync_standby", lasts=15),
    Fault("standby-cut", "standby in step: cut off from everybody", cut, of="sync_standby", lasts=15),
    Fault("etcd-kill", "etcd beside the leader: kill -9", kill_etcd),
    Fault("etcd-freeze", "etcd beside the leader hangs", freeze_etcd, lasts=15),
    Fault("etcd-all", "etcd hangs on all machines", freeze_all_etcd, lasts=35),
)


def last(cluster: Cluster, fault: Fault, node: str, served: Callable[[float], bool]) -> None:
    """Let the fault last as long as it must. `served`: whether anything was asked for after a moment and stored."""
    began = time.monotonic()
    if not fault.moves:
        time.sleep(fault.lasts)
        return
    led = None  # since when another one leads
    while time.monotonic() - began < LONGEST:
        leader = cluster.role("leader")
        if leader in (node, None) or cluster.open() != [leader]:
            led = None
        else:
            led = led or time.monotonic()
            if served(led):
                time.sleep(AFTER)
                return
        time.sleep(0.25)
