"""The page of a case: what is shown, what may be done, and what never leaves the office."""

import pytest
from django.urls import reverse

import stories
from helpers import count


def url(case, name="case", *more):
    return reverse(f"desk:{name}", args=[case.number, *more])


@pytest.fixture
def told(cast):
    return stories.filed(cast)


def test_the_page_shows_words_and_masks_the_reporter(cast, client_of, told):
    page = client_of(cast.li).get(url(told.case)).content.decode()
    assert stories.WORDS in page
    assert "陈**" in page and "138****0001" in page
    assert cast.chen.phone not in page and cast.chen.name not in page


def test_the_whole_page_takes_at_most_fourteen_statements(cast, client_of, told):
    case = stories.answered(cast, filed_=told)
    client = client_of(cast.li)
    client.get(url(case))
    assert count(lambda: client.get(url(case))) <= 14 + 3  # session, member, grants besides
