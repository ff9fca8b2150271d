"""Naming an officer: within one's own unit, on the timeline, for one case or many, and taken back."""

import pytest
from django.urls import reverse

import stories
from chenyue.cases import actions
from chenyue.cases.models import Case
from chenyue.core.errors import NotAllowed, NotFound, Refusal
from chenyue.core.ids import token
from chenyue.notify.models import Notice
from chenyue.people.models import Member
from chenyue.timeline.models import Entry


@pytest.fixture
def colleague(cast):
    """Somebody else at drainage."""
    return Member.objects.create_member(
        "he", None, name="何工", unit=cast.units["drainage"], must_change_password=False
    )


def test_the_unit_names_who_sees_to_it(cast, colleague):
    case = stories.dispatched(cast, stories.filed(cast))
    actions.set_officer(case=case, officer_id=colleague.pk, by=cast.lin.actor(), at=stories.NOW)
    case.refresh_from_db()
    assert case.officer == colleague
    entry = Entry.objects.get(subject=case.subject, verb="case.officer_set")
    assert entry.data["officer"] == "何工" and entry.visible_to == "unit"
    assert Notice.objects.filter(member=colleague, text__contains=case.number).exists()


def test_only_somebody_of_the_unit_is_named_and_only_by_the_unit(cast, colleague):
    case = stories.dispatched(cast, stories.filed(cast))
    with pytest.raises(Refusal):
        actions.set_officer(case=case, officer_id=cast.sun.pk, by=cast.lin.actor(), at=stories.NOW)
    with pytest.raises(NotFound):
        actions.set_officer(case=case, officer_id=colleague.pk, by=cast.sun.actor(), at=stories.NOW)
    with pytest.raises(NotAllowed):
        actions.set_officer(case=case, officer_id=colleague.pk, by=cast.wang.actor(), at=stories.NOW)


def test_on_the_case_page_and_for_many_with_the_way_back(cast, client_of, colleague):
    cases = [stories.dispatched(cast, stories.filed(cast, words=w)) for w in ("一楼水管漏水。", "二楼污水冒出来。")]
    client = client_of(cast.lin)
    part = cases[0].assignments.get(active=True)
    url = reverse("desk:officer", args=[cases[0].number, part.pk])
    assert url in client.get(reverse("desk:case", args=[cases[0].number])).content.decode()
    assert client.post(url, {"idempotency_key": token(), "officer_id": colleague.pk}).status_code == 303
    assert Case.objects.get(pk=cases[0].pk).officer == colleague
    form = {"act": "officer", "query": "", "numbers": [case.number for case in cases]}
    asked = client.post(reverse("desk:bulk"), form | {"idempotency_key": token()}).content.decode()
    assert "何工" in asked and all(case.number in asked for case in cases)
    done = client.post(reverse("desk:bulk"), form | {"idempotency_key": token(), "officer_id": colleague.pk})
    assert done.status_code == 303
    assert set(Case.objects.filter(pk__in=[c.pk for c in cases]).values_list("officer", flat=True)) == {colleague.pk}
    assert reverse("desk:bulk-undo") in client.get(reverse("desk:bulk")).content.decode()
    assert client.post(reverse("desk:bulk-undo")).status_code == 303
    assert Case.objects.get(pk=cases[1].pk).officer == cast.lin
    assert Case.objects.get(pk=cases[0].pk).officer == colleague


def test_who_works_for_no_unit_of_them_is_told_so(cast, client_of):
    case = stories.dispatched(cast, stories.filed(cast))
    form = {"idempotency_key": token(), "act": "officer", "query": "", "numbers": [case.number]}
    assert "不在您所在的单位" in client_of(cast.li).post(reverse("desk:bulk"), form).content.decode()
