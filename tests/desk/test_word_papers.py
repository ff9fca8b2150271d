"""Set-up of Word templates: who may, what is said when one is refused, and what stands on the timeline."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cast import client_of
from chenyue.core import ids, papers, word_templates
from chenyue.timeline.models import Entry
from core.test_papers import lines, word

CODE = "works.closing"


def send(client, content, name="我们的报告.docx", **more):
    data = {"template": SimpleUploadedFile(name, content), "idempotency_key": ids.token()} | more
    return client.post(reverse("desk:set-up-paper", args=[CODE]), data)


def test_a_template_is_uploaded_used_and_taken_back(cast):
    client = client_of(cast.admin)
    assert client.get(reverse("desk:set-up-papers")).status_code == 200
    assert send(client, word("我们的：{{ title }}")).status_code == 303
    page = client.get(reverse("desk:set-up-paper", args=[CODE])).content.decode()
    assert "我们的报告.docx" in page
    sample = client.get(reverse("desk:set-up-paper-file", args=[CODE, "sample"]))
    assert lines(sample.content)[0].startswith("我们的：") and sample["Content-Type"] == papers.WORD
    assert client.get(reverse("desk:set-up-paper-file", args=[CODE, "template"])).status_code == 200
    assert client.get(reverse("desk:set-up-paper-file", args=[CODE, "x"])).status_code == 404
    answer = client.post(reverse("desk:set-up-paper-restore", args=[CODE]), {"idempotency_key": ids.token()})
    assert answer.status_code == 303 and word_templates.own(CODE) is None
    verbs = Entry.objects.filter(subject="office:papers").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["desk.paper_replaced", "desk.paper_restored"]


def test_what_is_refused_is_said_at_the_field(cast):
    client = client_of(cast.admin)
    for content in (b"%PDF-1.7", word("{{ titel }}"), word("{{ title.upper() }}"), b"x" * (papers.MAX_TEMPLATE + 1)):
        answer = send(client, content)
        assert answer.status_code == 422 and "template" in answer.context["form"].errors
    assert send(client, b"").status_code == 422
    assert client.post(reverse("desk:set-up-paper", args=[CODE]), {}).status_code == 422
    assert word_templates.own(CODE) is None and not Entry.objects.filter(subject="office:papers").exists()


def test_only_who_edits_texts_may(cast):
    for member in (cast.li, cast.wang, cast.sun, cast.zhou):
        assert client_of(member).get(reverse("desk:set-up-papers")).status_code == 403
        assert send(client_of(member), word("x")).status_code == 403
    assert client_of(cast.admin).get(reverse("desk:set-up-paper", args=["no.such"])).status_code == 404
