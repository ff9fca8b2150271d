"""The small calculation: only the right answer, to our own task, for this form, in time."""

from datetime import datetime, timedelta

import pytest

from cast import NOW
from chenyue.core import proof_of_work as work

FORM, OTHER, BITS = "office\nportal.tell\nkey", "office\nportal.relay\nkey", 9
SINCE = int(NOW.timestamp())
TASK = work.task(FORM, BITS, SINCE)
ANSWER = work.solve(TASK)


def test_the_right_answer_to_our_own_task() -> None:
    assert work.read(str(TASK), FORM, NOW) == TASK
    assert work.solved(TASK, ANSWER)
    assert len(ANSWER.split(".")) == work.PARTS


def test_as_a_browser_finds_it() -> None:
    """The vector against which proof.js was written: the first numbers whose hash begins with six zero bits."""
    task = work.Task(BITS, 0, "00" * 32)
    assert work.solve(task) == "32.3.149.31.97.115.68.79"


@pytest.mark.parametrize(
    "answer",
    [
        "", "1.2.3", "0.0.0.0.0.0.0.0", ANSWER + ".1", ANSWER.replace(".", ","), ANSWER.replace(".", ".-", 1),
        "²." * 7 + "1", "9" * 200, ".".join(ANSWER.split(".")[::-1]), ".".join(["4294967296"] * 8),
    ],
)  # fmt: skip
def test_a_wrong_answer(answer: str) -> None:
    assert not work.solved(TASK, answer)


@pytest.mark.parametrize(
    ("text", "form", "at"),
    [
        (str(TASK), OTHER, NOW),  # another form's, or another key's
        (str(TASK), FORM, NOW + work.LASTS + timedelta(seconds=2)),  # old
        (str(TASK), FORM, NOW - timedelta(hours=1)),  # from a time to come
        (f"1.{SINCE}.{TASK.seed}", FORM, NOW),  # made easier
        (f"{BITS}.{SINCE - 60}.{TASK.seed}", FORM, NOW),  # made older, so as to have waited
        (f"99.{SINCE}.{TASK.seed}", FORM, NOW),
        (f"{BITS}.{SINCE}.{'0' * 64}", FORM, NOW),
        (f"{BITS}.{SINCE}.é{TASK.seed[1:]}", FORM, NOW),
        (f"²{BITS}.{SINCE}.{TASK.seed}", FORM, NOW),
        ("", FORM, NOW), ("..", FORM, NOW), ("9" * 101, FORM, NOW), (f"{BITS}.{'9' * 70}.x", FORM, NOW),
    ],
)  # fmt: skip
def test_a_task_that_is_not_ours_or_not_for_this(text: str, form: str, at: datetime) -> None:
    assert work.read(text, form, at) is None


def test_no_work_is_no_answer_and_waiting_is_counted_from_the_first_page() -> None:
    task = work.task(FORM, 0, SINCE)
    assert work.solved(task, "") and work.solve(task) == ""
    assert task.waited(NOW + timedelta(seconds=30)) == pytest.approx(30, abs=1)
    assert work.task(FORM, 99, SINCE).bits == work.MOST
