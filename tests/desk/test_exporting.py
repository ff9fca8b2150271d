"""Long exports: a job, its page for its asker only, on the timeline once, gone after a day."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

import stories
from chenyue.core.ids import token
from chenyue.desk import exporting
from chenyue.desk.models import Export
from chenyue.notify.models import Notice
from chenyue.timeline.models import Entry


@pytest.fixture
def long(monkeypatch):
    """Two rows are many."""
    monkeypatch.setattr(exporting, "AT_ONCE", 1)


def ask(client, **more):
    return client.post(reverse("desk:export"), {"idempotency_key": token(), "query": "state=open"} | more)


@pytest.mark.usefixtures("long")
def test_a_long_export_is_a_job_that_tells_when_it_is_ready(cast, client_of):
    for words in ("一楼水管漏水。", "二楼电梯停了。"):
        stories.filed(cast, words=words)
    client = client_of(cast.li)
    key = token()
    answer = ask(client, idempotency_key=key)
    assert answer.status_code == 303
    assert ask(client, idempotency_key=key)["Location"] == answer["Location"]
    export = Export.objects.get()
    assert (export.state, export.count) == (Export.State.READY, 2)
    assert "下载" in client.get(answer["Location"]).content.decode()
    book = b"".join(client.get(reverse("desk:export-file", args=[export.pk])).streaming_content)
    assert openpyxl.load_workbook(io.BytesIO(book)).worksheets[1].max_row == 3
    assert Entry.objects.filter(subject="office:exports", verb="desk.exported").count() == 1
    assert Notice.objects.filter(member=cast.li, url=answer["Location"]).count() == 1


@pytest.mark.usefixtures("long")
def test_an_export_is_its_askers_alone(cast, client_of):
    stories.filed(cast)
    stories.filed(cast, words="二楼电梯停了。")
    page = ask(client_of(cast.li))["Location"]
    for other in (cast.zhao, cast.lin):
        assert client_of(other).get(page).status_code == 404
        assert client_of(other).get(page + "file/").status_code == 404


@pytest.mark.usefixtures("long")
def test_an_export_is_gone_after_a_day(cast, client_of):
    stories.filed(cast)
    stories.filed(cast, words="二楼电梯停了。")
    client = client_of(cast.li)
    page = ask(client)["Location"]
    path = exporting.path_of(Export.objects.get())
    assert path.stat().st_mode & 0o077 == 0
    assert exporting.sweep(timezone.now() + timedelta(hours=23)) == 0
    assert exporting.sweep(timezone.now() + timedelta(hours=25)) == 1
    assert not path.exists()
    assert client.get(page).status_code == 404


@pytest.mark.usefixtures("long")
def test_a_failed_export_says_so(cast, client_of, monkeypatch):
    stories.filed(cast)
    stories.filed(cast, words="二楼电梯停了。")

    def full(*args, **kwargs):
        raise OSError("disk full")

    monkeypatch.setattr(exporting, "_write", full)
    monkeypatch.setattr(exporting.jobs, "enqueue", lambda name, **ids: None)
    client = client_of(cast.li)
    page = ask(client)["Location"]
    assert "<progress" in client.get(page).content.decode()
    with pytest.raises(OSError, match="disk full"):
        exporting.make(Export.objects.get().pk)
    assert "没有成功" in client.get(page).content.decode()
