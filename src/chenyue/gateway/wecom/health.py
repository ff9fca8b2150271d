"""Whether a connection works: kept on its row, for the page where it is set."""

from datetime import datetime, timedelta

from chenyue.gateway.models_wecom import WecomLink

OFTEN = timedelta(minutes=5)  # how exactly it is known when something went well last


def well(link: WecomLink, at: datetime) -> None:
    """Something went well."""
    if link.trouble or link.worked_at is None or link.worked_at < at - OFTEN:
        link.worked_at, link.trouble, link.trouble_at = at, "", None
        WecomLink.objects.filter(pk=link.pk).update(worked_at=at, trouble="", trouble_at=None)


def ill(link: WecomLink, sentence: str, at: datetime) -> None:
    """Something went wrong; since when is kept, the sentence is the newest."""
    link.trouble, link.trouble_at = sentence[:200], link.trouble_at or at
    WecomLink.objects.filter(pk=link.pk).update(trouble=link.trouble, trouble_at=link.trouble_at)
