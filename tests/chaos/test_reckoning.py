"""The reckoning after the faults: what is planted, it must find; a check that cannot fail proves nothing."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from chaos.acts import receipt_of, voucher_of
from chaos.client import Reply, sent
from chaos.reckoning import back_after, longest_gap, reckon

from chaos import diary, power, report


def acts(*lines: dict[str, Any], folder: Path, until: float = float("inf")) -> diary.Read:
    """What a diary with these lines says."""
    path = folder / "diary-0.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return diary.read([path], until)


def tried(mark: str, t: float = 1, kind: str = "tell") -> dict[str, Any]:
    return {"event": diary.TRIED, "t": t, "kind": kind, "mark": mark}


def done(mark: str, t: float = 2, kind: str = "tell", **more: Any) -> dict[str, Any]:
    return {"event": diary.DONE, "t": t, "kind": kind, "mark": mark, "asked": t - 0.5, "tries": 1, "gave": "", **more}


def test_what_is_there_once_is_good(tmp_path: Path) -> None:
    read = acts(tried("a"), done("a", gave="R1"), tried("b"), done("b", t=9, tries=3, gave="R2"), folder=tmp_path)
    verdict = reckon(read.acts, {"tell": {"a": ["R1"], "b": ["R2"]}})
    assert verdict.good
    assert (verdict.acknowledged, verdict.retried, verdict.longest_gap) == (2, 1, 7)
    assert verdict.shown()["kinds"] == {"tell": 2}


@pytest.mark.parametrize(
    ("there", "fault"),
    [
        ({}, "lost"),
        ({"tell": {"a": []}}, "lost"),
        ({"words": {"a": ["R1"]}}, "lost"),
        ({"tell": {"a": ["R1", "R1"]}}, "duplicated"),
        ({"tell": {"a": ["R2"]}}, "wrong"),
    ],
)
def test_a_planted_loss_a_duplicate_and_another_receipt_are_found(there: Any, fault: str, tmp_path: Path) -> None:
    read = acts(tried("a"), done("a", gave="R1"), folder=tmp_path)
    verdict = reckon(read.acts, there)
    assert not verdict.good
    assert verdict.shown()[fault] == 1
    assert "a" in verdict.shown()["faults"][fault][0]
    assert not report.good(verdict.shown())


def test_what_nobody_was_told_of_may_be_there_once_but_not_twice(tmp_path: Path) -> None:
    read = acts(tried("a"), tried("b"), {"event": diary.LEFT, "t": 3, "kind": "tell", "mark": "b"}, folder=tmp_path)
    verdict = reckon(read.acts, {"tell": {"a": ["R1"]}})
    assert verdict.good
    assert (verdict.unknown, verdict.unknown_done, verdict.acknowledged) == (2, 1, 0)
    assert reckon(read.acts, {"tell": {"a": ["R1", "R2"]}}).duplicated == ["tell a: 2 times"]


def test_a_retry_that_is_told_no_is_a_fault_and_so_is_what_is_half_done(tmp_path: Path) -> None:
    no = {"event": diary.REFUSED, "t": 3, "kind": "tell", "mark": "a", "tries": 2, "said": "409"}
    verdict = reckon(acts(tried("a"), no, folder=tmp_path).acts, {"tell": {"a": ["R1"]}})
    assert not verdict.good
    assert verdict.refused == ["tell a at try 2: 409"]
    assert not reckon([], {}, ["recount: differs"]).good


def test_a_diary_is_read_as_of_a_moment_and_without_a_line_half_written(tmp_path: Path) -> None:
    lines = [tried("a"), done("a", t=2), tried("b", t=3), done("b", t=5), {"event": "fault", "t": 4, "what": "503"}]
    assert [act.state for act in acts(*lines, folder=tmp_path, until=4).acts] == [diary.DONE, diary.TRIED]
    with (tmp_path / "diary-0.jsonl").open("a") as file:
        file.write('{"event": "tri')
    read = diary.read([tmp_path / "diary-0.jsonl"])
    assert [act.mark for act in read.acts] == ["a", "b"]
    assert read.faults == {"503": 1}


def test_a_line_is_on_the_disk_before_the_client_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    path = tmp_path / "diary"
    monkeypatch.setattr(diary.os, "fdatasync", lambda file: seen.append(path.read_text("utf-8")))
    diary.Diary(path).note(diary.DONE, kind="tell", mark="a")
    assert json.loads(seen[0])["mark"] == "a"


def test_gaps_and_the_time_until_somebody_is_served_again(tmp_path: Path) -> None:
    assert longest_gap([]) == 0
    assert longest_gap([5, 1, 2]) == 3
    read = acts(tried("a"), done("a", t=4), tried("b"), done("b", t=9), folder=tmp_path)
    # Asked for half a second before: what was asked for before a kill says nothing of what came back after it.
    assert back_after([3.8, 3.4, 20], read.acts) == pytest.approx([5.2, 0.6])


def journal(path: Path, *records: tuple[Any, ...]) -> Path:
    """A journal as the shim writes it: what, path, place, data, or a second path for a rename."""
    with path.open("wb") as file:
        for number, (what, name, *rest) in enumerate(records):
            place = rest[0] if rest and isinstance(rest[0], int) else 0
            data = rest[1] if len(rest) > 1 else b""
            other = rest[0].encode() if rest and isinstance(rest[0], str) else b""
            head = power.HEAD.pack(what.encode(), len(name.encode()), len(other), len(data), place, float(number))
            file.write(head + name.encode() + other + data)
    return path


def after(folder: Path, mode: str, *records: tuple[Any, ...]) -> dict[str, bytes]:
    """The files that are left when the power goes after these records."""
    base, target = folder / "base", folder / f"left-{mode}"
    for path in (base, target):
        path.mkdir(exist_ok=True)
        (path / "old").write_bytes(b"old words")
    disk = power.Disk(Path("/home"), base)
    for record in power.records(journal(folder / "journal", *records)):
        disk.take(record)
    disk.cut(target, mode, random.Random(2))
    return {path.name: path.read_bytes() for path in target.iterdir()}


def test_a_power_cut_keeps_what_was_synced_and_nothing_else(tmp_path: Path) -> None:
    records = [
        ("W", "/home/old", 0, b"OLD"), ("S", "/home/old"), ("W", "/home/old", 4, b"WORDS"),
        ("C", "/home/new"), ("W", "/home/new", 0, b"never synced"),
        ("W", "/home/half", 0, b"sure"), ("S", "/home/half"), ("S", "/home/folder"), ("R", "/home/half", "/home/whole"),
        ("W", "/home/gone", 0, b"x"), ("U", "/home/gone"),
    ]  # fmt: skip
    left = after(tmp_path, power.NOTHING, *records)
    assert left == {"old": b"OLD words", "new": b"", "whole": b"sure"}


def test_a_power_cut_may_keep_pieces_of_what_was_not_synced(tmp_path: Path) -> None:
    left = after(tmp_path, power.SOME, ("W", "/home/old", 0, b"n" * 4096))
    found = left["old"].ljust(4096, b"\0")
    pieces = {found[n : n + 512] == b"n" * 512 for n in range(0, 4096, 512)}
    assert pieces == {True, False}


def test_a_cut_file_is_cut_only_once_that_is_synced(tmp_path: Path) -> None:
    assert after(tmp_path, power.NOTHING, ("T", "/home/old", 3))["old"] == b"old words"
    assert after(tmp_path, power.NOTHING, ("T", "/home/old", 3), ("S", "/home/old"))["old"] == b"old"


def test_a_journal_that_ends_in_the_middle_is_read_up_to_there(tmp_path: Path) -> None:
    path = journal(tmp_path / "j", ("S", "/home/a"), ("W", "/home/a", 0, b"long words"))
    path.write_bytes(path.read_bytes()[:-3])
    assert [record.what for record in power.records(path)] == ["S"]


def test_clients_read_what_they_were_given() -> None:
    assert receipt_of(Reply(303, "/received/ABCD-EFGH/", "")) == "ABCD-EFGH"
    assert receipt_of(Reply(303, "/elsewhere/", "")) is None, "not an acknowledgement"
    assert receipt_of(Reply(202, "", '<span class="code">ABCD-EFGH</span>')) == "ABCD-EFGH"
    assert voucher_of(Reply(303, "/volunteering/me/bookings/B2026-1/", "")) == "B2026-1"
    assert voucher_of(Reply(303, "/volunteering/me/services/", "")) is None
    body, kind = sent({"words": "灯"}, b"\xff\xd8")
    assert kind.startswith("multipart/form-data") and "灯".encode() in body and b"\xff\xd8" in body


def test_the_page_tells_of_each_scenario(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "RESULTS", tmp_path)
    monkeypatch.setattr(report, "PAGE", tmp_path / "chaos.md")
    fine = reckon([], {}).shown() | {"kills": 7, "back_median_s": 0.2, "back_longest_s": 1.5}
    report.write("sqlite", {"kill": fine, "full": {"left_out": "no small disk"}})
    report.write("sqlite", {"twice": fine})
    report.write_page()
    text = (tmp_path / "chaos.md").read_text("utf-8")
    assert "| 7 | 0 | 0 | 0 | 0 | 0 | 0 | 0.0 | 0.2 / 1.5 |" in text
    assert "left out: no small disk" in text
    assert text.index("kill -9") < text.index("sent twice")
    assert report.say("sqlite", {"kill": fine, "full": {"left_out": "no small disk"}})
    assert not report.say("sqlite", {"kill": fine | {"good": False}})
