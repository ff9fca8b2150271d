"""The bundle for help from afar says how the installation is, and nothing about anybody."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_q.models import Failure

from chenyue.core import office
from chenyue.people.models import Member, Resident
from chenyue.upkeep import support

pytestmark = pytest.mark.django_db


def read() -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(support.bundle(timezone.now()))) as held:
        return {name: held.read(name).decode() for name in held.namelist()}


def test_every_part_is_there_and_says_something() -> None:
    found = read()
    assert set(found) == {"README.txt", *(f"{name}.json" for name in support.PARTS)}
    for name in support.PARTS:
        said = json.loads(found[f"{name}.json"])
        assert "could not be read" not in said, name
    rows = json.loads(found["database.json"])["rows"]
    assert rows["people_member"] == Member.objects.count() > 0


def test_nothing_about_anybody_gets_in(cast: Any, client_of: Any) -> None:
    """The attack: everything that could leak is there, in rows, settings, failed jobs and counters."""
    words = "地下室的水又漫上来了，我母亲李素珍七十八岁"
    client_of(cast.zhou).get("/p/ABCD-EFGH-JKLM/")
    client_of(None).post("/tell/", {"words": words, "name": "陈桂芳", "phone": "13800138123"})
    office.put(
        name="某某街道办事处", phone="025-84712345", draft_key="sk-very-secret", site_address="https://a.example"
    )
    Failure.objects.create(
        id="x" * 32, name="n", func="notify.send", started=timezone.now(), stopped=timezone.now(), success=False,
        result=f"Traceback …\nValueError: {words} 13800138123",
    )  # fmt: skip
    everything = "\n".join(read().values())
    private = [words, words[:8], "李素珍", "陈桂芳", "13800138123", "84712345", "very-secret", "a.example", "某某街道"]
    private += [one.name for one in Resident.objects.all()] + [one.name for one in Member.objects.all()]
    assert not [one for one in private if one and one in everything]
    assert "notify.send ValueError" in everything


def test_what_is_broken_does_not_hide_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(at: Any) -> Any:
        raise RuntimeError("陈桂芳 13800138123")

    monkeypatch.setitem(support.PARTS, "checks", breaks)
    found = read()
    assert json.loads(found["checks.json"]) == {"could not be read": "RuntimeError"}
    assert json.loads(found["machine.json"])["cores"]


def test_a_file_that_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "old.zip").write_bytes(b"old")
    with pytest.raises(CommandError, match="already"):
        call_command("support_bundle", str(tmp_path / "old.zip"))
    assert (tmp_path / "old.zip").read_bytes() == b"old"
    with pytest.raises(CommandError, match="can't be written"):
        call_command("support_bundle", str(tmp_path / "no" / "new.zip"))
