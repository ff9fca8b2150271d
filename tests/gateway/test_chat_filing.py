"""From ticked messages to cases: one case with its voices, nothing twice, nothing else stored."""

from typing import Any

import pytest

from cast import NOW, at
from chenyue.cases.actions import move
from chenyue.cases.lifecycle import Move
from chenyue.cases.models import Appeal, Case
from chenyue.core.errors import Refusal
from chenyue.gateway.chat import filing, reading
from chenyue.gateway.chat.filing import Outcome, Ticked, file_ticked
from chenyue.gateway.chat.fingerprints import fingerprints
from chenyue.gateway.chat.messages import Message
from chenyue.gateway.models import ChatLine

pytestmark = pytest.mark.django_db

PHONE = (
    "1-2-301 11月23日 19:05\n二单元楼道灯三层都不亮\n小满 11月23日 19:06\n我家也是，黑得看不见台阶\n"
    "阿木 11月23日 19:07\n+1\n老秦 11月23日 19:08\n一样\n"
)
DESKTOP = (
    "1-2-301\n2026/11/23 19:05\n二单元楼道灯三层都不亮\n\n小满\n2026/11/23 19:06\n我家也是，黑得看不见台阶\n\n"
    "阿木\n2026/11/23 19:07\n+1\n\n老秦\n2026/11/23 19:08\n一样\n"
)


def messages(text: str) -> list[Message]:
    return reading.read_text(text, NOW).messages


def take(cast: Any, found: list[Message], who: str = "wang", place: str = "金桂苑1幢", hours: float = 0) -> Outcome:
    place_id = cast.place(place).pk
    prints = dict(zip([m.id for m in found], fingerprints(found, place_id), strict=True))
    return file_ticked([Ticked("A", found, prints, place_id)], "一幢邻居", getattr(cast, who), at(hours))


def test_four_neighbours_are_one_case_with_four_voices(cast: Any) -> None:
    outcome = take(cast, messages(PHONE))
    case = Case.objects.get()
    assert outcome.opened == [case.number]
    assert (outcome.voices, outcome.messages, case.appeals_count) == (4, 4, 4)
    assert case.place == cast.place("金桂苑1幢")
    appeals = list(Appeal.objects.order_by("pk"))
    assert [a.nickname for a in appeals] == ["1-2-301", "小满", "阿木", "老秦"]
    assert {a.channel for a in appeals} == {"steward"}
    assert appeals[0].received_at.isoformat() == "2026-11-23T11:05:00+00:00"
    assert appeals[0].taken_by == cast.wang


def test_the_same_messages_in_another_form_by_another_steward_open_nothing(cast: Any) -> None:
    first = take(cast, messages(PHONE))
    again = take(cast, messages(DESKTOP), who="li", hours=1)
    assert Case.objects.count() == 1
    assert Appeal.objects.count() == 4
    assert again.known == first.opened
    assert (again.known_messages, again.messages, again.opened) == (4, 0, [])


def test_nicknames_are_known_again_however_they_are_spelt(cast: Any) -> None:
    take(cast, messages(PHONE))
    other = PHONE.replace("小满", "小满 ").replace("1-2-301", "１-2-301").replace("阿木", "阿木🌻")
    assert take(cast, messages(other)).known_messages == 4


def test_what_comes_later_joins_and_who_speaks_again_is_heard_again(cast: Any) -> None:
    take(cast, messages(PHONE))
    more = PHONE + "小满 11月23日 21:00\n到现在还是黑的\n巧云 11月23日 21:01\n我家门口也不亮\n"
    outcome = take(cast, messages(more), hours=1)
    case = Case.objects.get()
    assert (outcome.opened, outcome.joined, outcome.known_messages) == ([], [case.number], 4)
    assert [a.nickname for a in Appeal.objects.order_by("pk")[4:]] == ["小满", "巧云"]
    assert ChatLine.objects.count() == 6


def test_after_a_case_has_ended_new_words_open_another(cast: Any) -> None:
    take(cast, messages(PHONE))
    case = Case.objects.get()
    move(case=case, move=Move.DECLINE, by=cast.li.actor(), at=at(1), reason="not_ours", told="请拨打供电热线。")
    more = PHONE + "小满 11月23日 21:00\n到现在还是黑的\n"
    outcome = take(cast, messages(more), hours=2)
    assert len(outcome.opened) == 1
    assert outcome.opened != [case.number]


def test_two_pictures_in_a_minute_are_two_messages(cast: Any) -> None:
    text = "小满 11月23日 19:05\n门口的路塌了\n小满 11月23日 19:05\n[图片]\n小满 11月23日 19:05\n[图片]\n"
    assert take(cast, messages(text)).messages == 3
    assert Appeal.objects.get().words == "门口的路塌了\n[图片]\n[图片]"


def test_quoted_words_of_others_are_not_kept(cast: Any) -> None:
    text = "小满 11月23日 19:05\n「老秦：我的电话是多少来着」\n- - - - - - - -\n我家门口的灯坏了\n"
    take(cast, messages(text))
    assert Appeal.objects.get().words == "我家门口的灯坏了"


def test_without_times_the_groups_place_tells_chats_apart(cast: Any) -> None:
    text = "小满：门口的灯坏了\n阿木：我家也是\n"
    take(cast, messages(text))
    assert take(cast, messages(text)).known_messages == 2
    assert take(cast, messages(text), place="金桂苑2幢").known_messages == 0


def test_a_message_from_the_future_is_received_now(cast: Any) -> None:
    take(cast, messages("小满 11月24日 23:05\n门口的灯坏了\n阿木 11月24日 23:06\n我也是\n"))
    assert Appeal.objects.first().received_at == NOW


def test_nothing_ticked_is_said(cast: Any) -> None:
    with pytest.raises(Refusal):
        file_ticked([Ticked("A", [], {})], "", cast.wang, NOW)


def test_a_failure_keeps_nothing_of_the_incident(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_details: Any) -> None:
        raise RuntimeError("disk")

    found = messages(PHONE)
    original, calls = filing.file_appeal, []

    def second_fails(**details: Any) -> Any:
        calls.append(1)
        return original(**details) if len(calls) == 1 else broken()

    monkeypatch.setattr(filing, "file_appeal", second_fails)
    with pytest.raises(RuntimeError):
        take(cast, found)
    assert (Case.objects.count(), ChatLine.objects.count()) == (0, 0)


def test_of_a_message_only_its_fingerprint_is_kept_and_it_cannot_be_guessed(cast: Any) -> None:
    import hashlib

    take(cast, messages(PHONE))
    kept = set(ChatLine.objects.values_list("fingerprint", flat=True))
    assert all(len(one) == 64 for one in kept)
    assert hashlib.sha256("阿木+1".encode()).hexdigest() not in kept


def test_a_race_of_two_stewards_ends_with_one_case(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    found = messages(PHONE)
    original, calls = filing.known_lines, []

    def blind_at_first(prints: Any) -> Any:
        calls.append(1)
        return {} if len(calls) == 1 else original(prints)

    take(cast, found)
    monkeypatch.setattr(filing, "known_lines", blind_at_first)
    outcome = take(cast, found, who="li", hours=1)
    assert outcome.known_messages == 4
    assert Case.objects.count() == 1
