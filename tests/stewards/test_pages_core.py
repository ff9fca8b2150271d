"""The pages of stewards: what they show, what they refuse beside the field, and who sees nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from chenyue.core.ids import token
from chenyue.stewards import actions
from chenyue.stewards.models import BuildingFacts, HandOver, Steward, Term
from helpers import one_and_three, sample_case
from stewards.stage import steward, term

pytestmark = pytest.mark.django_db
BUILDING = "金桂苑2幢"


def post(client: Any, where: str, /, *args: Any, **data: Any) -> Any:
    url = reverse(where if ":" in where else f"stewards:{where}", args=args)
    return client.post(url, data | {"idempotency_key": token()})


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def boss(cast: Any, client_of: Any) -> Any:
    return client_of(cast.zhao)


def test_from_nobody_to_a_steward(cast: Any, boss: Any) -> None:
    place = cast.place(BUILDING)
    assert "没有楼长" in text(boss.get(reverse("stewards:coverage")))
    given = {"name": "周桂珍", "kind": "resident", "shows_name": "on", "phone": "13812345678", "since": "2026-11-01"}
    given |= {"home": BUILDING, "share": "100", "birth_year": "1960", "dialects": "溧阳话、吴语"}
    assert post(boss, "new", **given).status_code == 303
    who = Steward.objects.get()
    assert who.home == place and who.dialects == ["溧阳话", "吴语"] and who.resident is not None
    page = text(boss.get(reverse("stewards:steward", args=[who.pk])))
    assert "138****5678" in page and "13812345678" not in page
    answer = post(boss, "building", place.pk, steward=str(who.pk), role="main", since="2026-11-01")
    assert answer.status_code == 303 and Term.objects.get().building == place
    assert "周桂珍" in text(boss.get(reverse("stewards:coverage") + f"?estate={place.estate_id}"))
    assert "周桂珍" in text(boss.get(reverse("stewards:people") + "?q=周"))
    assert "没有找到" in text(boss.get(reverse("stewards:people") + "?q=不存在"))


def test_a_second_claim_is_refused_with_the_name_and_keeps_what_was_chosen(cast: Any, boss: Any) -> None:
    term(cast, steward(cast))
    second, place = steward(cast, "钱秀英"), cast.place(BUILDING)
    answer = post(boss, "building", place.pk, steward=str(second.pk), role="main", since="2026-11-02")
    page = text(answer)
    assert answer.status_code == 409 and "周桂珍" in page and "请办理交接" in page
    assert f'value="{second.pk}" selected' in page and "2026-11-02" in page


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"home": "月亮上7幢"}, "没有找到"),
        ({"phone": "没有"}, "不是一个电话号码"),
        ({"since": "昨天"}, "日期"),
        ({"avoids": "金桂苑2幢", "keeps": "金桂苑2幢"}, "不能既必须保留又不宜安排"),
        ({"share": "900"}, "200"),
    ],
)
def test_a_form_says_what_is_wrong(boss: Any, given: dict[str, str], said: str) -> None:
    base = {"name": "周桂珍", "kind": "resident", "since": "2026-11-01", "share": "100"}
    answer = post(boss, "new", **(base | given))
    assert answer.status_code == 422 and said in text(answer) and "周桂珍" in text(answer)
    assert not Steward.objects.exists()


def test_the_telephone_is_shown_once_with_a_reason(cast: Any, boss: Any) -> None:
    who = steward(cast, phone="13812345678")
    assert post(boss, "phone", who.pk, reason="").status_code == 303
    assert "13812345678" in text(post(boss, "phone", who.pk, reason="约交接时间"))
    assert "13812345678" not in text(boss.get(reverse("stewards:steward", args=[who.pk])))
    changed = {"name": "周桂珍", "kind": "resident", "since": "2026-11-01", "share": "100", "version": "1", "phone": ""}
    assert post(boss, "edit", who.pk, **changed).status_code == 303
    who.refresh_from_db()
    assert who.phone == "13812345678"  # an empty field leaves it as it is
    assert post(boss, "edit", who.pk, **changed).status_code == 409


def test_handing_on_and_the_file_that_goes_with_it(cast: Any, boss: Any, client_of: Any) -> None:
    case = sample_case(cast).case
    old, new = steward(cast), steward(cast, "周某", cast.zhou)
    first = term(cast, old, "金桂苑1幢")
    page = text(boss.get(reverse("stewards:end", args=[first.pk])))
    assert "周某" in page
    words = "2单元401的奶奶耳背，要多敲几下。"
    assert post(boss, "end", first.pk, reason="resigned", to=str(new.pk), words=words).status_code == 303
    row = HandOver.objects.get()
    url = reverse("desk:hand-over", args=[row.pk])
    taker = client_of(cast.zhou)
    assert url in text(taker.get(reverse("desk:my-buildings")))
    page = text(taker.get(url))
    assert words in page and case.number in page and "我已全部收到" in page
    assert post(taker, "acknowledge", row.pk).status_code == 303
    assert "我已全部收到" not in text(taker.get(url))
    assert url not in text(taker.get(reverse("desk:my-buildings")))
    for name in ("wang", "lin", "sun", "admin", "audit"):  # stewards of other buildings, and everybody else
        assert client_of(getattr(cast, name)).get(url).status_code == 404
        assert post(client_of(getattr(cast, name)), "acknowledge", row.pk).status_code == 404
    actions.end_term(term=Term.objects.get(steward=new), reason="other", by=cast.zhao.actor(), at=timezone.now())
    assert taker.get(url).status_code == 404  # whoever has left reads it no more


def test_another_steward_sees_no_page_of_the_office(cast: Any, client_of: Any) -> None:
    """Stewards appoint nobody, not even at their own building."""
    who = steward(cast, "王建国", cast.wang, phone="13812340000")
    own = term(cast, who, "金桂苑1幢")
    wang = client_of(cast.wang)
    urls = [reverse(f"stewards:{name}") for name in ("coverage", "people", "new", "succession", "settings", "table")]
    urls += [reverse(f"stewards:{name}", args=[who.pk]) for name in ("steward", "edit", "away", "leave")]
    urls += [reverse("stewards:building", args=[own.building_id]), reverse("stewards:end", args=[own.pk])]
    assert {url: wang.get(url).status_code for url in urls} == dict.fromkeys(urls, 403)
    for name, pk in (("phone", who.pk), ("back", who.pk), ("end", own.pk), ("building", own.building_id)):
        assert post(wang, name, pk, reason="想看看", steward=str(who.pk), role="main").status_code == 403
    own.refresh_from_db()
    assert own.ended_at is None


def test_a_holiday_in_one_step(cast: Any, boss: Any) -> None:
    away, other = steward(cast), steward(cast, "钱秀英")
    term(cast, away)
    day = timezone.localdate()
    dates = {"since": day.isoformat(), "until": (day + timedelta(days=6)).isoformat()}
    answer = post(boss, "away", away.pk, **dates)
    assert answer.status_code == 422 and "没有副楼长" in text(answer)
    assert post(boss, "away", away.pk, by_whom=str(other.pk), **dates).status_code == 303
    page = text(boss.get(reverse("stewards:steward", args=[away.pk])))
    assert "钱秀英" in page and "已经回来了" in page
    assert post(boss, "back", away.pk).status_code == 303
    assert not Term.objects.filter(role="substitute", ended_at=None).exists()


def test_succession_proposes_three_with_reasons(cast: Any, boss: Any) -> None:
    old = steward(cast, birth_year=1950, home=cast.place(BUILDING))
    term(cast, old)
    deputy = steward(cast, "钱秀英")
    term(cast, deputy, role="deputy")
    neighbour = steward(cast, "孙阿姨", home=cast.place("金桂苑3幢"))
    term(cast, neighbour, "金桂苑3幢")
    far = steward(cast, "李远", most_buildings=1)
    term(cast, far, "丹桂花园1幢")
    avoiding = steward(cast, "张避", avoids=[cast.place(BUILDING).pk])
    page = text(boss.get(reverse("stewards:succession") + "?all=1"))
    start = page.index(f"{BUILDING}</a>")
    row = page[start : page.index("</li>\n", start) if "</li>\n" in page[start:] else None]
    row = row[: row.index("</ol>")]
    assert "超龄" in row and row.index("钱秀英") < row.index("孙阿姨")
    assert "是这里的副楼长" in row and "熟悉本小区" in row
    assert far.name not in row and avoiding.name not in row


def test_leaving_by_the_page(cast: Any, boss: Any) -> None:
    who = steward(cast)
    term(cast, who)
    assert post(boss, "leave", who.pk, reason="").status_code == 422
    answer = post(boss, "leave", who.pk, reason="moved", words="搬去和儿子住")
    assert answer.status_code == 303 and answer["Location"] == reverse("stewards:succession")
    assert post(boss, "leave", who.pk, reason="moved").status_code == 409
    assert "已卸任" in text(boss.get(reverse("stewards:people")))


def test_facts_and_settings(cast: Any, boss: Any, client_of: Any) -> None:
    place = cast.place(BUILDING)
    given = {"elderly_alone": "4", "disabled": "0", "tenants": "400"}
    answer = post(boss, "facts", place.pk, **given)
    assert answer.status_code == 422 and "36" in text(answer)
    assert post(boss, "facts", place.pk, **(given | {"tenants": "9"})).status_code == 303
    assert BuildingFacts.objects.get().tenants == 9
    given = {"steward_age_limit": "75", "steward_inactive_days": "90", "steward_remind_days": "30", "alone": "2.5"}
    given |= {"disabled": "3", "tenant": "0.5", "balance": "20"}
    assert post(boss, "settings", **given).status_code == 303
    from chenyue.core import office

    assert office.get("steward_weights")["alone"] == 2.5 and office.get("steward_balance") == 0.2
    assert "steward_role" not in text(boss.get(reverse("stewards:settings")))
    post(boss, "settings", **(given | {"steward_role": "director"}))  # who appoints doesn't choose what it lets see
    assert office.get("steward_role") == "steward"
    assert post(client_of(cast.admin), "settings", **(given | {"steward_role": "auditor"})).status_code == 303
    assert office.get("steward_role") == "auditor"


def test_lists_cost_the_same_with_one_and_three(cast: Any, boss: Any) -> None:
    names = iter("甲乙丙丁戊己")
    places = iter(f"金桂苑{n}幢" for n in range(2, 8))

    def more() -> None:
        who = steward(cast, f"楼长{next(names)}")
        term(cast, who, next(places))

    one_and_three(lambda: boss.get(reverse("stewards:people")), more, 8)


def test_succession_costs_the_same_with_one_and_three(cast: Any, boss: Any) -> None:
    names = iter("甲乙丙丁戊己")
    places = iter(f"金桂苑{n}幢" for n in range(2, 8))

    def more() -> None:
        term(cast, steward(cast, f"楼长{next(names)}", birth_year=1945), next(places))

    one_and_three(lambda: boss.get(reverse("stewards:succession")), more, 8)


def test_coverage_costs_the_same_with_one_and_three(cast: Any, boss: Any) -> None:
    names = iter("甲乙丙丁戊己")
    places = iter(f"金桂苑{n}幢" for n in range(2, 8))
    one_and_three(
        lambda: boss.get(reverse("stewards:coverage") + f"?estate={cast.place('金桂苑').pk}"),
        lambda: term(cast, steward(cast, f"楼长{next(names)}"), next(places)),
        8,
    )


def test_a_case_keeps_the_steward_of_its_day(cast: Any, client_of: Any) -> None:
    """Whoever comes next doesn't change who it was; it costs the page no statement."""
    from helpers import count

    first = term(cast, steward(cast), "金桂苑1幢")
    case = sample_case(cast).case
    url = reverse("desk:case", args=[case.number])
    lin = client_of(cast.lin)
    assert "楼长周桂珍" in text(lin.get(url))
    actions.hand_on(term=first, to=steward(cast, "钱秀英"), reason="age", by=cast.zhao.actor(), at=timezone.now())
    type(case).objects.filter(pk=case.pk).update(received_at=timezone.now() - timedelta(days=1))
    page = text(lin.get(url))
    assert "楼长周桂珍" in page and "钱秀英" not in page
    assert count(lambda: lin.get(url)) <= 14


@pytest.mark.parametrize("value", ["²", "-1", "9" * 30, "\x00", "x", ""])
def test_addresses_that_somebody_made_up(cast: Any, boss: Any, value: str) -> None:
    own = term(cast, steward(cast))
    for name, args in (("coverage", []), ("people", []), ("building", [own.building_id]), ("end", [own.pk])):
        query = {"estate": value, "q": value, "to": value, "reason": value, "all": value}
        assert boss.get(reverse(f"stewards:{name}", args=args), query).status_code == 200
    sent = {"steward": value, "to": value, "reason": value, "since": value, "until": value, "on": value, "role": value}
    assert post(boss, "building", own.building_id, **sent).status_code == 422
    assert post(boss, "end", own.pk, **sent).status_code == 422
    assert post(boss, "away", own.steward_id, **(sent | {"by_whom": value})).status_code == 422
    assert post(boss, "edit", own.steward_id, **(sent | {"version": value, "share": value})).status_code == 422
    assert post(boss, "facts", own.building_id, elderly_alone=value).status_code == 422
    assert boss.get(f"/desk/stewards/{'9' * 30}/").status_code == 404
    own.refresh_from_db()
    assert own.ended_at is None


def test_words_with_harmful_characters_are_cleaned_and_shown_as_text(cast: Any, boss: Any) -> None:
    given = {"name": "<b>周\x00桂珍</b>", "kind": "resident", "since": "2026-11-01", "share": "100", "note": "=1+1"}
    assert post(boss, "new", **given).status_code == 303
    who = Steward.objects.get()
    assert "\x00" not in who.name
    page = text(boss.get(reverse("stewards:steward", args=[who.pk])))
    assert "<b>周" not in page and "&lt;b&gt;周" in page
