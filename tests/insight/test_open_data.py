"""Open data: off until wanted, made by one and published by another, withdrawn with a trace, nobody in it."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from cast import NOW, Cast, client_of
from chenyue.cases.models import Case
from chenyue.core import office
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.core.ids import token
from chenyue.insight.models import OpenDataMonth
from chenyue.insight.opendata import acts, showing
from chenyue.insight.views import open_data
from chenyue.people.models import Grant, Role
from chenyue.people.scope import forget_scopes
from chenyue.places.models import Place
from helpers import one_and_three
from stories import filed

MONTH = date(2026, 10, 1)
AT = NOW - timedelta(days=30)  # in October


def told(cast: Cast, count: int, at: Any = AT, **more: Any) -> Case:
    """So many cases like one that was filed, each told by somebody else."""
    case = filed(cast, at, **more).case
    for n in range(count - 1):
        Case.objects.create(
            number=f"{case.number}-{n}", title=case.title, received_at=case.received_at, community=case.community,
            category=case.category, state=case.state, channel=case.channel, touched_at=at,
        )  # fmt: skip
    return case


@pytest.fixture
def two(cast: Cast) -> Cast:
    """Open data is on; 李 may publish beside 赵."""
    office.put(open_data=True)
    Grant.objects.create(member=cast.li, role=Role.objects.get(code="director"))
    forget_scopes(cast.li)
    return cast


def made(cast: Cast) -> OpenDataMonth:
    return acts.make(month=MONTH, by=cast.zhao.actor(), at=NOW)


def published(cast: Cast) -> OpenDataMonth:
    return acts.publish(row=made(cast), by=cast.li.actor(), at=NOW)


def test_while_it_is_off_nothing_is_there(cast: Cast) -> None:
    with pytest.raises(Refusal):
        made(cast)
    for name, args in (("open-public", []), ("open-table", ["2026-10"])):
        assert client_of().get(reverse(f"insight:{name}", args=args)).status_code == 404
    assert "开放数据" not in client_of().get("/").content.decode()


def test_private_and_joined_cases_are_in_no_row(two: Cast) -> None:
    case = told(two, 12)
    Case.objects.filter(number__in=[f"{case.number}-0", f"{case.number}-1"]).update(sensitivity="private")
    Case.objects.filter(number=f"{case.number}-2").update(state="joined")
    row = made(two)
    assert (row.total, sum(one.n for one in acts.rows_of(row))) == (9, 9)


def test_who_made_it_never_publishes_it(two: Cast) -> None:
    told(two, 9)
    row = made(two)
    with pytest.raises(Refusal) as refused:
        acts.publish(row=row, by=two.zhao.actor(), at=NOW)
    assert refused.value.code == "same_person"
    with pytest.raises(NotAllowed):
        acts.publish(row=row, by=two.lin.actor(), at=NOW)
    assert acts.publish(row=row, by=two.li.actor(), at=NOW).state == "published"
    with pytest.raises(Conflict):
        made(two)


@pytest.mark.parametrize("what", [{"sensitivity": "private"}, {"state": "joined"}, {"community": None}])
def test_what_changed_since_it_was_made_is_found_at_publishing(two: Cast, what: dict[str, Any]) -> None:
    case = told(two, 9)
    row = made(two)
    Case.objects.filter(number=f"{case.number}-0").update(**what)
    with pytest.raises(Refusal) as refused:
        acts.publish(row=row, by=two.li.actor(), at=NOW)
    assert refused.value.code == "changed"


def test_rows_that_somebody_wrote_by_hand_are_not_published(two: Cast) -> None:
    told(two, 9)
    row = made(two)
    OpenDataMonth.objects.update(rows=[["2026-10-25", "金桂社区", "市政", "井盖", 1]])
    with pytest.raises(Refusal) as refused:
        acts.publish(row=row, by=two.li.actor(), at=NOW)
    assert refused.value.code == "small"


def test_a_larger_k_since_then_asks_for_it_anew_and_k_never_falls(two: Cast) -> None:
    told(two, 9)
    row = made(two)
    office.put(open_data_k=8)
    with pytest.raises(Refusal) as refused:
        acts.publish(row=row, by=two.li.actor(), at=NOW)
    assert refused.value.code == "k"
    acts.publish(row=made(two), by=two.li.actor(), at=NOW)
    office.put(open_data_k=5)  # whoever writes it into the database
    assert acts.smallest() == 8
    client = client_of(two.zhao)
    for k, status in (("7", 422), ("8", 303), ("4", 422), ("9999", 422)):
        sent = {"open_data": "on", "open_data_k": k, "idempotency_key": token()}
        assert client.post(reverse("insight:open-settings"), sent).status_code == status


def test_a_month_that_runs_or_has_few_people_is_not_published(two: Cast) -> None:
    with pytest.raises(Refusal):
        acts.make(month=NOW.date(), by=two.zhao.actor(), at=NOW)
    told(two, 4)
    row = made(two)
    assert row.rows == [] and row.total == 4
    with pytest.raises(Refusal) as refused:
        acts.publish(row=row, by=two.li.actor(), at=NOW)
    assert refused.value.code == "empty"


def test_withdrawn_with_a_trace_and_not_replaced_by_nearly_the_same(two: Cast) -> None:
    case = told(two, 9)
    row = published(two)
    page, table = reverse("insight:open-public"), reverse("insight:open-table", args=["2026-10"])
    assert client_of().get(table).status_code == 200
    with pytest.raises(Refusal):
        acts.withdraw(row=row, words=" ", by=two.zhao.actor(), at=NOW)
    acts.withdraw(row=row, words="类别有误", by=two.zhao.actor(), at=NOW)
    assert client_of().get(table).status_code == 404
    assert "类别有误" in client_of().get(page).content.decode()
    Case.objects.filter(number=f"{case.number}-0").update(sensitivity="private")
    with pytest.raises(Refusal) as refused:
        acts.publish(row=made(two), by=two.li.actor(), at=NOW)
    assert refused.value.code == "near"
    Case.objects.filter(number=f"{case.number}-0").update(sensitivity="normal")
    assert acts.publish(row=made(two), by=two.li.actor(), at=NOW).state == "published"


def test_the_table_says_no_words_no_names_no_doors_and_runs_no_formula(two: Cast) -> None:
    told(two, 9, words="我住1幢2单元503室，井盖响了三天。")
    Place.objects.filter(kind="community").update(name="=cmd|' /C calc'!A0")
    published(two)
    answer = client_of().get(reverse("insight:open-table", args=["2026-10"]))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf") and answer.content.count(b"\xef\xbb\xbf") == 1
    found = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert found[0] == list(showing.HEADER)
    assert all(not cell.startswith(("=", "+", "-", "@")) for line in found for cell in line)
    assert sum(int(line[5]) for line in found[1:]) == 9
    said = answer.content.decode()
    for secret in (two.chen.name, two.chen.phone, "503", "井盖响", "金桂苑"):
        assert secret not in said
    page = client_of().get(reverse("insight:open-public")).content.decode()
    assert "CC BY 4.0" in page and "事项大类" in page


@pytest.mark.parametrize("month", ["2026-13", "x", "2026-1", "٢٠٢٦-10", "0000-00", "2026-10-01"])
def test_odd_months_are_not_there(two: Cast, month: str) -> None:
    assert client_of().get(f"/open-data/{month}.csv").status_code == 404
    assert client_of(two.zhao).get(f"/desk/insight/open-data/{month}/").status_code == 404


@pytest.mark.parametrize(("name", "statements"), [("open-list", 4), ("open-public", 1)])
def test_lists_cost_the_same_with_one_and_three(two: Cast, name: str, statements: int) -> None:
    months = iter([date(2026, 8, 1), date(2026, 7, 1), date(2026, 6, 1)])
    client = client_of(two.zhao if name == "open-list" else None)

    def add() -> None:
        OpenDataMonth.objects.create(month=next(months), k=5, made_at=NOW, made_by=two.zhao, state="published")

    one_and_three(lambda: client.get(reverse(f"insight:{name}")), add, statements)


def test_pages_are_walked_from_making_to_withdrawing(two: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_data, "now", lambda: NOW)
    told(two, 9)
    zhao, li = client_of(two.zhao), client_of(two.li)

    def sent(client: Any, name: str, *args: str, **data: str) -> int:
        answer = client.post(reverse(f"insight:{name}", args=args), data | {"idempotency_key": token()})
        return int(answer.status_code)

    assert sent(zhao, "open-list", month="") == sent(zhao, "open-list", month="2999-01") == 422
    assert sent(zhao, "open-list", month="2026-10") == 303
    assert "第二" in zhao.get(reverse("insight:open-month", args=["2026-10"])).content.decode()
    assert sent(zhao, "open-publish", "2026-10") == 303
    assert OpenDataMonth.objects.get().state == "draft"
    assert sent(li, "open-publish", "2026-10") == 303
    assert OpenDataMonth.objects.get().state == "published"
    assert sent(li, "open-withdraw", "2026-10", words="") == 422
    assert sent(li, "open-withdraw", "2026-10", words="口径有误") == 303
    assert OpenDataMonth.objects.get().state == "withdrawn"
