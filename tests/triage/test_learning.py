"""The learner: versions, scores on cases held back, promotion only if not worse, and the way back."""

import csv
import io
import itertools
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from chenyue.catalogue.actions import save_category
from chenyue.core.actors import SYSTEM
from chenyue.core.errors import Refusal
from chenyue.triage import duplicates, learned, learning, suggest, ticks, versions
from chenyue.triage.blend import Blend, blended, calibration_error
from chenyue.triage.learning import Example
from chenyue.triage.models import TriageModel

AT = datetime(2026, 11, 20, 18, tzinfo=UTC)  # two at night at the office
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast")]

# Two kinds of matter of an office's own, in words that its catalogue doesn't know.
BOATS = ("乌篷", "橹", "摇船", "船娘", "码头票", "水乡航线")
LANTERNS = ("灯彩", "花灯", "灯谜", "走马灯", "灯会", "扎灯师傅")
TAILS = ("太贵", "没人管", "排队久", "态度差", "坏了", "要改时间", "说好的没兑现", "不让进", "想多办", "乱收钱")
DAYS = ("周末", "昨天", "今早", "晚上")


def example_texts() -> Iterator[Example]:
    for code, things in (("9901", BOATS), ("9902", LANTERNS)):
        for day, thing, tail in itertools.product(DAYS, things, TAILS):
            yield Example(f"{day}{thing}{tail}，{tail}得很，{thing}的事", code)


@pytest.fixture
def own_matters(monkeypatch: pytest.MonkeyPatch) -> list[Example]:
    for code, name in (("9901", "古镇水上项目"), ("9902", "节庆活动")):
        save_category(data={"code": code, "name": name, "lead": "culture", "parent": "12"}, by=SYSTEM, at=AT)
    found = list(example_texts())
    monkeypatch.setattr(learning, "_providers", [lambda limit: found[-limit:]])
    return found


@pytest.mark.usefixtures("own_matters")
def test_it_learns_what_people_confirm() -> None:
    before = suggest("晚上走马灯不让进", None, AT)
    report = learning.train(AT)
    assert report.promoted
    assert report.figures["candidate"].right >= report.figures["cold"].right
    after = suggest("晚上走马灯不让进", None, AT)
    assert after.categories[0].code == "9902"
    assert after.taught
    assert not before.taught
    assert suggest("摇船的钟点要改", None, AT).categories[0].code == "9901"
    assert suggest("三楼有很重的煤气味", None, AT).urgency == "emergency"
    # what nobody has confirmed yet is still read by the first guess
    assert suggest("路灯不亮，晚上一片漆黑", None, AT).categories[0].code == "0204"
    row = TriageModel.objects.get()
    assert row.state == "active"
    assert row.examples + row.held_back == report.examples
    assert row.size < 3_000_000


@pytest.mark.usefixtures("own_matters")
def test_a_worse_version_is_kept_but_does_not_speak(monkeypatch: pytest.MonkeyPatch) -> None:
    learning.train(AT)
    monkeypatch.setattr(learning, "_worse", lambda candidate, current: True)
    report = learning.train(AT + timedelta(days=1))
    assert not report.promoted
    assert versions.active().version == 1  # type: ignore[union-attr]
    assert TriageModel.objects.get(version=2).state == "candidate"


def test_fewer_right_is_worse_and_equal_is_not() -> None:
    def figures(right: int, loss: float) -> learning.Figures:
        return learning.Figures(right, 9, 10, loss, 0.0)

    assert learning._worse(figures(7, 0.1), figures(8, 0.9))
    assert not learning._worse(figures(8, 0.5), figures(8, 0.5))
    assert learning._worse(figures(8, 0.6), figures(8, 0.5))
    assert not learning._worse(figures(9, 0.6), figures(8, 0.5))


@pytest.mark.usefixtures("own_matters")
def test_the_way_back() -> None:
    learning.train(AT)
    learning.train(AT + timedelta(days=1))
    assert versions.active().version == 2  # type: ignore[union-attr]
    back = versions.roll_back(AT + timedelta(days=2))
    assert back and back.version == 1
    assert versions.active().version == 1  # type: ignore[union-attr]
    assert versions.roll_back(AT + timedelta(days=3), 0) is None
    assert versions.active() is None
    with pytest.raises(Refusal):
        versions.roll_back(AT, 77)
    said = io.StringIO()
    call_command("train", "--list", stdout=said)
    assert said.getvalue().count("cases") == 2
    call_command("train", "--use", "2", stdout=said)
    assert versions.active().version == 2  # type: ignore[union-attr]
    with pytest.raises(CommandError):
        call_command("train", "--use", "9", stdout=said)


@pytest.mark.usefixtures("own_matters")
def test_a_damaged_file_falls_back_to_the_first_guess(caplog: pytest.LogCaptureFixture) -> None:
    learning.train(AT)
    row = TriageModel.objects.get()
    default_storage.delete(row.file)
    default_storage.save(row.file, io.BytesIO(b"something else"))
    versions._snapshot.drop()
    assert versions.active() is None
    assert suggest("路灯不亮", None, AT).categories[0].code == "0204"
    with pytest.raises(ValueError):
        versions.promote(row, AT)


def test_too_few_cases_teach_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "_providers", [lambda limit: [Example("路灯不亮", "0204")]])
    said = io.StringIO()
    call_command("train", stdout=said)
    assert "Too little" in said.getvalue()
    assert not TriageModel.objects.exists()


def test_near_duplicates_stay_together_and_the_same_cases_are_held_back() -> None:
    texts = ["小区路灯坏了三天没有人来修，晚上很黑", "小区路灯坏了三天没有人来修，晚上很黑啊", "化粪池满了"]
    groups = duplicates.groups(texts)
    assert groups[0] == groups[1] != groups[2]
    marked = [learning.is_held_back(f"第{n}个") for n in range(400)]
    assert marked == [learning.is_held_back(f"第{n}个") for n in range(400)]
    assert 0.08 < sum(marked) / 400 < 0.25


def test_the_artefact_is_plain_arrays(tmp_path: Path) -> None:
    from chenyue.triage import training

    fitted = training.fit([e.text for e in example_texts()], [e.code for e in example_texts()])
    packed = training.packed(fitted, {"9901": 3})
    body = packed.to_bytes()
    assert body == packed.to_bytes()
    with zipfile.ZipFile(io.BytesIO(body)) as file:
        assert {name.rpartition(".")[2] for name in file.namelist()} == {"npy", "json"}
    read = learned.from_bytes(body)
    dense = fitted.margins(["晚上走马灯不让进"])[0]
    assert read.margins("晚上走马灯不让进") == pytest.approx(list(dense), abs=1e-3)
    assert read.speaking("晚上走马灯不让进", "9902")
    assert read.speaking("晚上走马灯不让进", "none") == []
    (tmp_path / "a.npz").write_bytes(body)
    with pytest.raises(ValueError):
        learned.load(tmp_path / "a.npz", "0" * 64)
    for text in ("", "😀", "a" * 9000, "13812345678"):
        assert len(read.margins(text)) == 2
    assert not any(any(c.isdigit() and c != "0" for c in word) for word in read.words)


def test_weights_of_first_guess_and_learner() -> None:
    logs = blended([-0.1, -3.0], [None, None], [0, 0], Blend(1.0, 5.0))
    assert logs[0] > logs[1]
    logs = blended([-0.7, -0.7], [-1.0, 0.5], [50, 50], Blend(0.3, 5.0))
    assert logs[1] > logs[0]
    assert calibration_error([(0.9, True)] * 9 + [(0.9, False)]) == pytest.approx(0.0)
    assert calibration_error([]) == 0.0


def test_the_web_process_never_loads_scikit_learn() -> None:
    code = (
        "import sys, django; sys.path[:0] = ['src', 'tests']; django.setup();"
        "from chenyue.triage import assembly, learning, versions, ticks;"
        "assert not {'sklearn', 'scipy', 'numpy'} & set(sys.modules)"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-800:]


def test_it_learns_once_a_day_when_hardly_anybody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(ticks.jobs, "enqueue", lambda name, **ids: asked.append(name))
    assert ticks.learn(AT - timedelta(hours=17)) == "not at this hour"
    assert ticks.learn(AT) == "asked for"
    assert asked == ["triage.train"]


def labels_file(path: Path, rows: list[tuple[str, str]]) -> str:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("text", "label"), *rows])
    return str(path)


def test_evaluate_prints_figures(tmp_path: Path) -> None:
    rows = [(e.text, "船" if e.code == "9901" else "灯") for e in example_texts()]
    train, test = labels_file(tmp_path / "a.csv", rows[::2]), labels_file(tmp_path / "b.csv", rows[1::2])
    said = io.StringIO()
    call_command("evaluate", "--task", "labels", "--train", train, "--test", test, stdout=said)
    found = json.loads(said.getvalue())
    assert found["macro_f1"] > 0.95
    assert {"accuracy", "train_seconds", "texts_per_second"} <= set(found)
    with pytest.raises(CommandError):
        call_command("evaluate", "--train", str(tmp_path / "none.csv"), "--test", test)
    one = labels_file(tmp_path / "c.csv", rows[:5])
    with pytest.raises(CommandError):
        call_command("evaluate", "--train", one, "--test", test)
