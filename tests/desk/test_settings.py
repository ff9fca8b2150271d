"""Who changed which setting of the office, from what to what, stands on the timeline."""

from typing import Any

import pytest
from django.urls import reverse

from cast import Cast, client_of
from chenyue.core import office
from chenyue.timeline.models import Entry
from chenyue.timeline.verbs import sentence

pytestmark = pytest.mark.django_db
FIELDS = {
    "name": "晨光街道办事处", "short_name": "晨光街道", "phone": "0510-1", "address": "", "hours": "",
    "site_address": "",
    "basically_satisfied_weight": "1", "callback_days": "3", "callback_tries": "3",
}  # fmt: skip


def save(client: Any, **changed: str) -> Any:
    answer = client.post(reverse("desk:set-up-office"), FIELDS | changed | {"idempotency_key": str(changed)})
    assert answer.status_code == 303, answer.content.decode()[:2000]
    return Entry.objects.filter(verb="office.changed").order_by("pk").last()


def test_a_changed_setting_is_an_entry_with_before_and_after(cast: Cast) -> None:
    office.put(phone="0510-1")
    entry = save(client_of(cast.admin), phone="0510-2", callback_days="5")
    assert entry.actor_label == cast.admin.name
    assert entry.data["changes"] == {"phone": ["0510-1", "0510-2"], "callback_days": [3, 5]}
    said = str(sentence(entry.verb, entry.data))
    assert "0510-1 → 0510-2" in said and "phone" not in said, "as the page calls it"


def test_what_stays_as_it_was_is_no_entry(cast: Cast) -> None:
    office.put(phone="0510-1")
    assert save(client_of(cast.admin)) is None


def test_a_secret_is_never_written_down(cast: Cast) -> None:
    from django.utils import timezone

    office.change(by=cast.admin.actor(), at=timezone.now(), draft_key="sealed")
    entry = Entry.objects.get(verb="office.changed")
    assert "sealed" not in str(entry.data)
