"""Each page of the desk opens for those it is for, in the order of the day."""

import pytest
from django.urls import reverse

PAGES = [
    ("li", "my-desk"), ("li", "inbox"), ("li", "new-appeal"), ("li", "cases"), ("li", "callbacks"), ("li", "refusals"),
    ("li", "rates"), ("lin", "my-desk"), ("lin", "cases"), ("admin", "set-up"), ("admin", "set-up-office"),
    ("admin", "set-up-places"), ("admin", "set-up-places-import"), ("admin", "set-up-catalogue"),
    ("admin", "set-up-catalogue-import"), ("admin", "set-up-texts"), ("admin", "set-up-holidays"),
    ("admin", "set-up-channels"), ("admin", "deliveries"), ("admin", "answer-templates"),
    ("admin", "answer-template-new"),
    ("audit", "audit"),
]  # fmt: skip


@pytest.mark.parametrize(("who", "name"), PAGES)
def test_an_empty_page_opens_and_says_what_to_do(cast, client_of, who, name):
    answer = client_of(getattr(cast, who)).get(reverse(f"desk:{name}"))
    assert answer.status_code == 200
    assert answer.content.count(b"<h1") == 1
