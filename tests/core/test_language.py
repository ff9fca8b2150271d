"""Chinese unless the reader chose otherwise."""

import pytest
from django.conf import settings
from django.test import Client

pytestmark = pytest.mark.django_db


TAGS = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant", "en": "en"}


@pytest.mark.parametrize(
    ("cookie", "language"), [("", "zh-hans"), ("en", "en"), ("zh-hant", "zh-hant"), ("xx", "zh-hans")]
)
def test_the_cookie_decides_and_the_browser_does_not(cookie: str, language: str) -> None:
    client = Client(headers={"accept-language": "en-US,en;q=0.9"})
    if cookie:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = cookie
    page = client.get("/sign-in/")
    assert page.headers["Content-Language"] == language
    assert f'lang="{TAGS[language]}"' in page.content.decode()
