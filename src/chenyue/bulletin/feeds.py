"""RSS 2.0 and Atom of the bulletin, made by Django's own writer."""

from datetime import datetime
from urllib.parse import urljoin

from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.translation import gettext as _

from chenyue.bulletin import marks, queries
from chenyue.bulletin.lifecycle import PieceState
from chenyue.core import office

KINDS: dict[str, type[SyndicationFeed]] = {"rss": Rss201rev2Feed, "atom": Atom1Feed}


def written(kind: str, base: str, at: datetime) -> str:
    """A feed of the newest thirty; what was taken back says so and nothing else. `base`: the address of the site."""
    name = str(office.get("short_name") or office.get("name") or "")
    home = urljoin(base, reverse("bulletin:public-list"))
    feed = KINDS[kind](
        title=_("%(name)s bulletin") % {"name": name},
        link=home,
        description=_("Notices, results and stories of %(name)s.") % {"name": name},
        language="zh-cn",
        feed_url=urljoin(base, reverse("bulletin:feed", args=[kind])),
    )
    for piece in queries.for_feed(timezone.localdate(at)):
        taken_back = piece.state == PieceState.RETRACTED
        link = urljoin(base, reverse("bulletin:public", args=[piece.number]))
        feed.add_item(
            title=_("Taken back: %(number)s") % {"number": piece.number} if taken_back else piece.title,
            link=link,
            unique_id=link,
            unique_id_is_permalink=True,
            description=piece.reason if taken_back else piece.lead or marks.plain(piece.text, 200),
            pubdate=piece.published_at,
            updateddate=piece.retracted_at or piece.changed_at or piece.published_at,
            categories=[str(piece.get_column_display())],
            author_name="" if taken_back else piece.author,
        )
    return feed.writeString("utf-8")
