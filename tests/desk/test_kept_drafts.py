"""What a telephone kept without a network: sealed for one reader, sent later, done once whatever is sent again."""

import json
import os
from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse
from django.utils import timezone

from cast import Cast, client_of
from chenyue.cases.models import Appeal, Attachment
from chenyue.core.errors import Refusal
from chenyue.desk import kept_drafts
from chenyue.stewards.models import DoorVisit
from chenyue.timeline.models import Entry
from stewards.doors_stage import neighbour, next_door, own
from voices import MP3

pytestmark = pytest.mark.django_db
URL = "/desk/my-buildings/kept/"
REPORT, VISIT = "/desk/my-buildings/report/", "/desk/my-buildings/visit/"


def seal(who: Any, plain: bytes) -> bytes:
    """As the worker of the telephone does it."""
    import base64

    point = base64.b64decode(kept_drafts.public_key(who))
    mine = ec.generate_private_key(ec.SECP256R1())
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    key = HKDF(SHA256(), 32, b"", b"chenyue draft 1").derive(mine.exchange(ec.ECDH(), theirs))
    sender = mine.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    nonce = os.urandom(12)
    return sender + nonce + AESGCM(key).encrypt(nonce, plain, sender)


def draft(who: Any, path: str, at: datetime | None = None, **data: Any) -> bytes:
    moment = (at or timezone.now()).timestamp() * 1000
    head = json.dumps({"path": path, "type": MULTIPART_CONTENT, "at": moment}).encode()
    return seal(who, head + b"\n" + encode_multipart(BOUNDARY, data))


def send(who: Any, sealed: bytes, **headers: str) -> Any:
    return client_of(who).post(URL, {"sealed": SimpleUploadedFile("draft", sealed)}, headers=headers)


def report(cast: Cast, **more: Any) -> bytes:
    data = {"building": own(cast).pk, "words": "一楼水管爆了。", "idempotency_key": "0b5e-key-of-this-draft"}
    return draft(cast.wang, REPORT, **data | more)


def test_sent_again_and_again_it_makes_one_case(cast: Cast) -> None:
    sealed = report(cast, voice=SimpleUploadedFile("v.mp3", MP3))
    first = send(cast.wang, sealed, **{"X-Kept": "1"})
    assert first.status_code == 200 and first.json()["to"].startswith("/desk/my-buildings/reported/")
    assert send(cast.wang, sealed, **{"X-Kept": "1"}).json() == first.json()
    assert send(cast.wang, sealed).status_code == 303
    assert (Appeal.objects.count(), Attachment.objects.count()) == (1, 1)


def test_what_had_arrived_before_the_network_went_is_not_filed_twice(cast: Cast) -> None:
    data = {"building": own(cast).pk, "words": "灯坏了", "idempotency_key": "the-same-key"}
    assert client_of(cast.wang).post(REPORT, data).status_code == 303
    assert send(cast.wang, draft(cast.wang, REPORT, **data)).status_code == 303
    assert Appeal.objects.count() == 1


def test_the_moment_of_writing_is_kept(cast: Cast) -> None:
    earlier = timezone.now() - timedelta(hours=5)
    send(cast.wang, report(cast, at=earlier))
    case = Appeal.objects.get().case
    written = Entry.objects.get(subject=case.subject, verb="report.kept").data["written"]
    assert abs(datetime.fromisoformat(written) - earlier) < timedelta(seconds=1)
    assert case.received_at > earlier + timedelta(hours=4), "the office's promise begins when the office knows"
    knocked = {"building": own(cast).pk, "room": "401", "outcome": "well", "idempotency_key": "v1"}
    send(cast.wang, draft(cast.wang, VISIT, at=earlier, **knocked))
    assert abs(DoorVisit.objects.get().at - earlier) < timedelta(seconds=1)


def test_what_is_refused_comes_back_as_the_form_with_its_words(cast: Cast) -> None:
    response = send(cast.wang, report(cast, voice=SimpleUploadedFile("v.mp3", b"MZ")))
    page = response.content.decode()
    assert response.status_code == 422
    assert "一楼水管爆了。" in page and "0b5e-key-of-this-draft" in page and f'action="{REPORT}"' in page


def test_a_draft_is_opened_for_its_writer_alone(cast: Cast) -> None:
    sealed = report(cast)
    for who in (cast.zhao, neighbour(cast)):
        assert send(who, sealed).status_code == 422
    assert send(cast.li, sealed).status_code == 403
    assert send(None, sealed).status_code in (302, 303)
    assert not Appeal.objects.exists()


def test_a_forged_draft_gains_nothing(cast: Cast) -> None:
    """Whoever seals to a steward's key still needs their session; and what is inside has the steward's own reach."""
    foreign = draft(cast.wang, REPORT, building=next_door(cast).pk, words="假的", idempotency_key="k")
    assert send(cast.wang, foreign).status_code == 422
    for path in ("/desk/new/", "/sign-out/", "//evil.example/", ""):
        assert send(cast.wang, draft(cast.wang, path, words="假的", idempotency_key="k")).status_code == 422
    assert not Appeal.objects.exists()


def test_damaged_drafts(cast: Cast) -> None:
    good = bytearray(report(cast))
    good[-1] ^= 1
    for sealed in (b"", b"x" * 40, bytes(good), bytes(200), seal(cast.wang, b"no json\nbody"), seal(cast.wang, b"")):
        with pytest.raises(Refusal):
            kept_drafts.open_sealed(sealed, cast.wang)
        assert send(cast.wang, sealed).status_code in (403, 422)
    broken = json.dumps({"path": REPORT, "type": "multipart/form-data", "at": "x"}).encode() + b"\nnothing"
    assert send(cast.wang, seal(cast.wang, broken)).status_code == 422
    assert client_of(cast.wang).post(URL).status_code == 422


def test_keys_differ_by_member_and_stay(cast: Cast) -> None:
    assert kept_drafts.public_key(cast.wang) == kept_drafts.public_key(cast.wang)
    assert kept_drafts.public_key(cast.wang) != kept_drafts.public_key(cast.zhao)


def test_the_kept_page_and_the_worker_hold_nothing_about_anybody(cast: Cast) -> None:
    from stewards.doors_stage import NAME, PHONE, cared, left

    cared(cast)
    left(cast)
    page = client_of(cast.wang).get(reverse("desk:my-buildings-offline")).content.decode()
    assert "金桂苑1幢" in page
    for piece in (NAME, PHONE, "136****", "何师傅", "楼道灯", cast.wang.name, cast.wang.username):
        assert piece not in page
    worker = client_of(None).get(reverse("desk:my-buildings-worker"))
    assert worker["Content-Type"].startswith("text/javascript")
    assert "金桂苑" not in worker.content.decode()


def test_a_forged_request_from_another_site_is_refused(cast: Cast) -> None:
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.wang, backend="chenyue.people.backend.Members")
    assert client.post(URL, {"sealed": SimpleUploadedFile("draft", report(cast))}).status_code == 403
    token = client.get(reverse("desk:my-buildings-pulse")).json()["csrf"]
    sealed = SimpleUploadedFile("draft", report(cast))
    assert client.post(URL, {"sealed": sealed}, headers={"X-CSRFToken": token}).status_code == 303
