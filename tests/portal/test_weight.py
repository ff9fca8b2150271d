"""What a telephone has to fetch before it can read: at most 60 KB compressed for a first view."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from cast import Cast
from stories import filed

pytestmark = pytest.mark.django_db
MOST = 60 * 1024


def weight(client: Client, path: str) -> int:
    """Compressed bytes of the page and of every file that it names."""
    page = client.get(path).content
    named = set(re.findall(rb'(?:href|src)="/static/([^"#]+)', page))
    total = len(gzip.compress(page))
    for name in named:
        found = finders.find(name.decode())
        assert found, name
        total += len(gzip.compress(Path(str(found)).read_bytes()))
    return total


@pytest.mark.parametrize("path", ["/", "/tell/", "/follow/", "/privacy/"])
def test_first_view(client: Client, cast: Cast, path: str) -> None:
    assert weight(client, path) <= MOST


def test_first_view_of_progress(client: Client, cast: Cast) -> None:
    assert weight(client, f"/p/{filed(cast).appeal.receipt}/") <= MOST
