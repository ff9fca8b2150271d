"""Filing what another system sends: checked by the service's definition, through the door that all appeals take."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chenyue.cases.actions import ReporterData, file_appeal
from chenyue.cases.models import Channel
from chenyue.core import ids
from chenyue.core.actors import Actor
from chenyue.core.text import clean
from chenyue.gateway.models import OpenRequest, OpenService, PartnerKey
from chenyue.gateway.open311 import rules
from chenyue.places.models import Kind as PlaceKind
from chenyue.places.models import Place

RETRY = timedelta(hours=1)  # the same call within it is a retry
NEAR = 0.0006  # degrees: some sixty metres
URL = ("http://", "https://")
Sent = Mapping[str, Sequence[str]]


def one(sent: Sent, name: str) -> str:
    """A parameter without the spaces around it; an empty one is an absent one."""
    values = sent.get(name) or [""]
    return values[-1].strip()


def checked(service: OpenService, sent: Sent) -> dict[str, Any]:
    """Everything that can be refused before anything is kept; what `take` needs."""
    description = clean(one(sent, "description"))
    if len(description) > rules.MOST_WORDS:
        raise rules.refused(_("description has more than 4,000 characters."))
    point = rules.point(one(sent, "lat"), one(sent, "long"))
    address, address_id = clean(one(sent, "address_string")), one(sent, "address_id")
    if not (point or address or address_id):
        raise rules.refused(_("A place is required: lat and long, address_string, or address_id."))
    building = None
    if address_id:
        building = Place.objects.filter(code=address_id, active=True).exclude(kind=PlaceKind.HOME).first()
        if building is None:
            raise rules.refused(_("address_id isn't known here."))
    media = one(sent, "media_url")
    if media and (not media.startswith(URL) or len(media) > 500):
        raise rules.refused(_("media_url must be an address that begins with http:// or https://."))
    given = rules.attributes(sent, service.attributes)
    return {
        "place": building or (nearest(point) if point else None),
        "told": address or (f"{point[0]:.6f}, {point[1]:.6f}" if point else ""),
        "words": _words(service, description, given),
        "attributes": given,
        "media": media,
        "reporter": _reporter(sent),
    }


def nearest(point: tuple[float, float]) -> Place | None:
    """The building next to a point, if one is near."""
    latitude, longitude = point
    near = Place.objects.filter(
        kind=PlaceKind.BUILDING,
        active=True,
        latitude__range=(latitude - NEAR, latitude + NEAR),
        longitude__range=(longitude - NEAR, longitude + NEAR),
    )
    return min(
        near, key=lambda p: ((p.latitude or 0) - latitude) ** 2 + ((p.longitude or 0) - longitude) ** 2, default=None
    )


def _words(service: OpenService, description: str, given: Mapping[str, Sequence[str]]) -> str:
    """What people read: the description, then each attribute by its own question."""
    lines = [description or service.category.name]
    for definition in service.attributes:
        values = given.get(definition["code"], [])
        named = {value["key"]: value["name"] for value in definition["values"]}
        if values:
            lines.append(f"{definition['description']}：{'、'.join(named.get(v, v) for v in values)}")
    return "\n".join(lines)


def _reporter(sent: Sent) -> ReporterData:
    family, given = one(sent, "last_name"), one(sent, "first_name")
    return ReporterData(name=clean(f"{family}{given}")[:40], phone=one(sent, "phone"), email=one(sent, "email"))


def digest(key: PartnerKey, sent: Sent, retry_key: str) -> str:
    """By which a repeated call is known: its idempotency key, else all that it says."""
    if retry_key:
        return hashlib.sha256(f"{key.pk}:{retry_key}".encode()).hexdigest()
    said = sorted((name, list(values)) for name, values in sent.items() if name != "api_key")
    return hashlib.sha256(json.dumps([key.pk, said]).encode()).hexdigest()


@transaction.atomic
def take(
    *, service: OpenService, key: PartnerKey, sent: Sent, files: Iterable[Any], retry_key: str, at: datetime
) -> OpenRequest:
    """File it, or find what the same call filed before. Raises Refusal; nothing is kept then."""
    PartnerKey.objects.select_for_update().get(pk=key.pk)  # two retries at once: one after the other
    mark = digest(key, sent, retry_key)
    since = at - (timedelta(days=7) if retry_key else RETRY)
    if known := OpenRequest.objects.filter(key=key, digest=mark, at__gte=since).select_related("appeal__case").first():
        return known
    found = checked(service, sent)
    reporter: ReporterData = found["reporter"]
    filed = file_appeal(
        words=found["words"],
        channel=Channel.OPEN311,
        by=Actor("system", f"partner:{key.pk}", key.name),
        at=at,
        place_id=found["place"].pk if found["place"] else None,
        place_told=found["told"],
        reporter=reporter,
        consent_contact=bool(reporter.phone or reporter.email),
        category_code=service.category.code,
        attachments=list(files),
    )
    return OpenRequest.objects.create(
        appeal=filed.appeal, key=key, service=service, token=ids.token(), digest=mark,
        attributes=found["attributes"], media_url=found["media"], at=at,
    )  # fmt: skip
