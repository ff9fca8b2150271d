"""New law comes as rows from a file; what is there is never changed."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

import chenyue.works
from cast import Cast
from chenyue.core.errors import NotAllowed, Refusal
from chenyue.works import law, queries
from chenyue.works.models import ThresholdRule
from works.stage import day

SHIPPED = (Path(chenyue.works.__file__).parent / "data" / "rules.json").read_text(encoding="utf-8")
OWN = {
    "code": "civil_code_278_special", "version": 2, "title": "修订后", "source": "某法", "since": "2030-01-01",
    "quorum_area": "1/2", "quorum_heads": "1/2", "agree_area": "2/3", "agree_heads": "2/3",
    "matters": [{"number": "7", "what": "改建"}],
}  # fmt: skip


def test_what_ships_is_there_and_importing_it_again_changes_nothing(cast: Cast):
    rows = law.read(SHIPPED)
    done = law.save(rows=rows, by=cast.zhao.actor(), at=day())
    assert (done.added, done.ended, done.unchanged) == ((), (), len(rows))
    assert ThresholdRule.objects.count() == len(rows)


def test_the_rules_of_a_day_are_those_that_are_law_on_it(cast: Cast):
    codes = {rule.code for rule in queries.rules_on(date(2026, 11, 22))}
    assert codes == {"civil_code_278_special", "civil_code_278_ordinary", "civil_code_279"}
    old = {rule.code for rule in queries.rules_on(date(2019, 5, 1))}
    assert old == {f"property_{law}_{kind}" for law in ("law_76", "regulations_12") for kind in ("special", "ordinary")}
    assert not queries.rules_on(date(2000, 1, 1))


def test_a_new_version_is_added_and_the_old_one_ends(cast: Cast):
    old = next(row for row in json.loads(SHIPPED) if row["code"] == OWN["code"]) | {"until": "2029-12-31"}
    done = law.save(rows=law.read(json.dumps([old, OWN])), by=cast.zhao.actor(), at=day())
    assert (done.added, done.ended) == (("civil_code_278_special 2",), ("civil_code_278_special 1",))
    assert [r.version for r in queries.rules_on(date(2030, 6, 1)) if r.code == OWN["code"]] == [2]


def test_what_a_version_demands_is_never_changed(cast: Cast):
    with pytest.raises(Refusal):
        law.save(rows=law.read(json.dumps([OWN | {"version": 1}])), by=cast.zhao.actor(), at=day())
    with pytest.raises(NotAllowed):
        law.save(rows=[], by=cast.li.actor(), at=day())


@pytest.mark.parametrize(
    "wrong",
    [
        {"quorum_area": "0.66"}, {"quorum_area": "4/3"}, {"agree_heads": "2/0"}, {"source": ""}, {"code": "X Y"},
        {"since": "soon"}, {"until": "2029-01-01"}, {"version": "two"}, {"matters": [7]},
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_right_is_refused_with_its_number(wrong):
    with pytest.raises(Refusal, match="2"):
        law.read(json.dumps([OWN, OWN | wrong]))


@pytest.mark.parametrize("text", ["", "{", "{}", "[1]", '"x"'])
def test_what_is_no_file_of_rules_is_refused(text):
    with pytest.raises(Refusal):
        law.read(text)


def test_the_command_says_what_it_did(cast: Cast, tmp_path: Path, capsys):
    file = tmp_path / "rules.json"
    file.write_text(json.dumps([OWN]), encoding="utf-8")
    call_command("import_rules", str(file), "--dry-run")
    assert not ThresholdRule.objects.filter(version=2).exists()
    call_command("import_rules", str(file))
    assert "civil_code_278_special 2" in capsys.readouterr().out
    assert ThresholdRule.objects.filter(version=2).exists()
    file.write_text("{", encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("import_rules", str(file))
    with pytest.raises(CommandError):
        call_command("import_rules", str(tmp_path / "none.json"))
