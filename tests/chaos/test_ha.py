"""What deploy/ha makes for several machines: files without a gap, timings that hold, doors that are shut."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from chaos.diary import DONE, Act, Read
from chaos.ha import faults, report, running, watching
from chaos.ha.watching import Written, judged
from django.db import OperationalError, connection

from chenyue.core import trouble
from chenyue.gateway.archives.left_out import FOLDERS

HA = Path(__file__).resolve().parents[2] / "deploy" / "ha"
PASSWORDS = {"OFFICE_PASSWORD": "p1", "REPLICATION_PASSWORD": "p2", "REWIND_PASSWORD": "p3"}
Files = dict[str, tuple[str, int]]


def load() -> Any:
    spec = importlib.util.spec_from_file_location("make_files", HA / "make_files.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_files"] = module  # its dataclasses look themselves up there
    spec.loader.exec_module(module)
    return module


MAKE = load()
EXAMPLE = (HA / "cluster.example.toml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def made() -> dict[str, Files]:
    cluster = MAKE.read(EXAMPLE)
    return {name: MAKE.files(cluster, machine, PASSWORDS) for name, machine in cluster.machines().items()}


def patroni(made: dict[str, Files], name: str = "a") -> Any:
    return yaml.safe_load(made[name]["etc/patroni/config.yml"][0])


def test_every_mark_is_filled_and_what_holds_a_password_is_its_owners_alone(made: dict[str, Files]) -> None:
    for files in made.values():
        for path, (text, mode) in files.items():
            assert not MAKE.MARK.search(text), path
            if any(re.search(rf"\b{word}\b", text) for word in PASSWORDS.values()):
                assert mode == 0o600, path
    assert "etc/haproxy/haproxy.cfg" not in made["c"], "the product doesn't run there"
    assert "etc/patroni/config.yml" in made["c"]


def test_no_template_is_forgotten() -> None:
    assert {path.name for path in MAKE.TEMPLATES.iterdir()} == {*MAKE.OF_NODE, *MAKE.OF_OFFICE, *MAKE.OF_FILES}


def test_two_disks_have_it_and_there_are_never_two_leaders(made: dict[str, Files]) -> None:
    said = patroni(made)["bootstrap"]["dcs"]
    assert said["ttl"] >= said["loop_wait"] + 2 * said["retry_timeout"]
    assert said["ttl"] + said["loop_wait"] <= 25, "promised are 30 seconds, and a new leader needs some itself"
    assert said["synchronous_mode"] is True
    assert said["synchronous_node_count"] == 1
    parameters = said["postgresql"]["parameters"]
    assert parameters["synchronous_commit"] == "on"
    assert parameters["wal_log_hints"] == "on" and said["postgresql"]["use_pg_rewind"] is True
    assert parameters["wal_sender_timeout"] == "6s"


def test_doors_of_the_database_are_for_named_machines_by_tls(made: dict[str, Files]) -> None:
    rules = [rule.split() for rule in patroni(made)["postgresql"]["pg_hba"]]
    assert rules, "none would let nobody in"
    for rule in rules:
        assert "trust" not in rule and "all" not in rule[3:4] and "0.0.0.0/0" not in rule
        assert rule[0] == "local" or (rule[0] == "hostssl" and rule[3].endswith("/32") and rule[4] == "scram-sha-256")
    assert patroni(made)["postgresql"]["parameters"]["ssl"] == "on"
    assert patroni(made)["restapi"]["verify_client"] == "optional"
    assert "etcd3" not in patroni(made), "of Debian's Patroni 3.0.2 it loses what was acknowledged when a cut heals"
    assert patroni(made)["etcd"]["protocol"] == "https"
    etcd = made["a"]["etc/default/etcd"][0]
    assert "ETCD_ENABLE_V2=true" in etcd
    assert "http://" not in etcd
    assert "ETCD_CLIENT_CERT_AUTH=true" in etcd and "ETCD_PEER_CLIENT_CERT_AUTH=true" in etcd


def test_haproxy_lets_in_to_the_leader_alone_and_cuts_off_from_a_former_one(made: dict[str, Files]) -> None:
    said = made["a"]["etc/haproxy/haproxy.cfg"][0]
    listen = said.partition("listen database")[2]
    assert "bind 127.0.0.1:5000" in listen
    assert "option httpchk GET /primary" in listen
    assert "on-marked-down shutdown-sessions" in listen and "check-ssl verify required" in listen
    assert re.findall(r"^    server (\S+) (\S+)$", listen, re.MULTILINE) == [
        ("a", "10.20.0.11:5432"), ("b", "10.20.0.12:5432"), ("c", "10.20.0.13:5432"),
    ]  # fmt: skip
    assert "@127.0.0.1:5000/chenyue?sslmode=verify-ca" in made["a"]["etc/chenyue-ha/chenyue.env"][0]


def test_copies_of_files_take_along_what_an_archive_would_and_no_spool(made: dict[str, Files]) -> None:
    said = made["a"]["etc/systemd/system/chenyue-files.service"][0]
    assert all(f"--include=/{folder}/***" in said for folder in FOLDERS)
    assert "--include=/secrets.json" in said and "spool/***" not in said
    assert "10.20.0.12:/srv/chenyue/" in said, "onto the other machine"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('[[node]]\nname = "c"\naddress = "10.20.0.13"\n', "", "Three machines"),
        ('"10.20.0.13"', '"10.20.0.12"', "address of its own"),
        ('"10.20.0.13"', '"somewhere"', "somewhere"),
        ('name = "c"', 'name = "C; DROP"', "small letters"),
        ("[[office]]", "[[window]]", "office"),
    ],
)
def test_a_cluster_that_cannot_be_is_refused_with_a_sentence(old: str, new: str, words: str) -> None:
    assert old in EXAMPLE
    with pytest.raises(MAKE.Wrong, match=re.escape(words)):
        MAKE.read(EXAMPLE.replace(old, new))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(MAKE, "_openssl", lambda *words: [Path(w).touch() for w in words if isinstance(w, Path)])
    MAKE.make(MAKE.read(EXAMPLE), tmp_path / "out")
    return tmp_path / "out"


def test_passwords_and_keys_stay_when_the_files_are_made_again(folder: Path) -> None:
    before = (folder / "secrets" / "office_password").read_text()
    first = (folder / "a" / "etc/chenyue-ha/chenyue.env").read_text()
    MAKE.make(MAKE.read(EXAMPLE), folder)
    assert (folder / "secrets" / "office_password").read_text() == before
    assert (folder / "a" / "etc/chenyue-ha/chenyue.env").read_text() == first
    assert before in first
    assert (folder / "secrets").stat().st_mode & 0o077 == 0
    assert (folder / "b" / "etc/chenyue-ha/etcd.key").stat().st_mode & 0o077 == 0


def test_it_is_installed_file_by_file_with_its_modes(folder: Path, tmp_path: Path) -> None:
    machine = folder / "a"
    (machine / "etc/patroni/config.yml").rename(machine / "etc/patroni/other.yml")  # owners are root's to give
    root = tmp_path / "root"
    subprocess.run(["sh", HA / "install.sh", machine, root], check=True)
    assert (root / "etc/chenyue-ha/chenyue.env").stat().st_mode & 0o777 == 0o600
    assert (root / "etc/haproxy/haproxy.cfg").stat().st_mode & 0o777 == 0o644


def test_every_fault_is_named_once() -> None:
    names = [fault.name for fault in faults.FAULTS]
    assert len(names) == len(set(names))
    assert running.read_options(["--only", "cut"]).only == ["cut"]


def test_gaps_are_of_what_is_stored_and_the_page_shows_the_longest() -> None:
    def done(asked: float, end: float, kept: bool = False) -> Act:
        return Act("tell", "m", asked, DONE, asked=asked, done=end, kept=kept)

    struck = [
        {"fault": "cut", "at": 10.0, "until": 60.0, "moved": True, "whole_s": 5.0},
        {"fault": "cut", "at": 60.0, "until": 90.0, "moved": True, "whole_s": 9.0},
    ]
    acts = [done(9, 11), done(12, 13, kept=True), done(12, 33), done(40, 41), done(61, 62)]
    running.gaps(struck, Read(acts))
    assert [(one["gap_s"], one["back_s"], one["kept"]) for one in struck] == [(22.0, 23.0, 1), (2.0, 2.0, 0)]
    whole = dict.fromkeys(("lost", "duplicated", "half_done", "wrong", "refused", "unknown", "two_named"), 0)
    run = whole | {"acknowledged": 5, "kept": 1, "watch_written": 7, "watch_looks": 9, "watch_wrong": [], "seconds": 60}
    run |= {"good": True, "struck": struck}
    said = report.page({"machine": "2 cores, 4 GB", "runs": [run, run]})
    assert "| 10 | 2 | 0 | 0 | 0 | 0 | 0 |" in said
    assert "| leader: cut off from everybody | 4 | 4 | 23.0 | 22.0 | 9.0 | 2 |" in said
    assert report.good(run)
    assert not report.good(run | {"struck": [struck[0] | {"gap_s": 31.0}]}), "promised are 30 seconds"
    assert not report.good(run | {"two_named": 1})


def wrote(node: str, number: int, timeline: int, asked: float, done: float) -> Written:
    return Written(node, number, timeline, asked, done)


@pytest.mark.parametrize(
    ("written", "there", "words"),
    [
        ([wrote("a", 1, 1, 0, 1), wrote("b", 1, 2, 5, 6)], {("a", 1), ("b", 1)}, []),
        ([wrote("a", 1, 1, 0, 1)], set(), ["gone"]),
        (
            [wrote("b", 1, 2, 5, 6), wrote("a", 2, 1, 5.5, 7)],
            {("b", 1), ("a", 2)},
            [],
        ),  # asked before that
        ([wrote("b", 1, 2, 5, 6), wrote("a", 2, 1, 6.5, 7)], {("b", 1), ("a", 2)}, ["two leaders"]),
        ([wrote("b", 1, 2, 5, 6), wrote("a", 2, 3, 6.5, 7)], {("b", 1), ("a", 2)}, []),  # it leads again
    ],
)
def test_two_leaders_are_told_from_one_after_the_other(
    written: list[Written], there: set[tuple[str, int]], words: list[str]
) -> None:
    found = judged(written, there)
    assert len(found) == len(words)
    assert all(word in sentence for word, sentence in zip(words, found, strict=True))
    assert watching.EVERY < 1


@pytest.mark.django_db
def test_a_machine_that_only_reads_is_not_connected_to_and_counts_as_away() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("of PostgreSQL")
    told = connection.get_connection_params()
    assert told["target_session_attrs"] == "read-write"
    only_reads = told | {"options": "-c default_transaction_read_only=on"}
    with pytest.raises(OperationalError) as caught, connection.wrap_database_errors:
        psycopg.connect(**only_reads).close()
    assert trouble.is_away(caught.value)
