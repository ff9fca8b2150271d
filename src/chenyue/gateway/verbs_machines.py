"""Sentences of the timeline for tokens, webhooks and calendars."""

from typing import Any

from django.utils.translation import gettext as _

from chenyue.timeline.verbs import register


def _token(data: dict[str, Any]) -> dict[str, Any]:
    kind = _("reads only") if data["read_only"] else _("reads and writes")
    return {"name": data["name"], "owner": data["owner"], "kind": kind, "count": len(data["words"])}


register(
    "gateway.token_offered",
    lambda data: _("Token for %(name)s offered to %(owner)s (%(kind)s, %(count)s permissions)") % _token(data),
    icon="key",
)
register("gateway.token_taken", lambda data: _("Token for %(name)s taken by %(owner)s") % _token(data), icon="key")
register("gateway.token_revoked", lambda data: _("Token for %(name)s (%(owner)s) ended") % _token(data), icon="key")


register(
    "gateway.webhook_offered",
    lambda data: _("Webhook for %(name)s at %(host)s offered to %(owner)s") % data,
    icon="send",
)
register("gateway.webhook_taken", lambda data: _("Webhook for %(name)s taken by %(owner)s") % data, icon="key")
register("gateway.webhook_rotated", lambda data: _("New secret for the webhook of %(name)s") % data, icon="refresh")
register("gateway.webhook_paused", lambda data: _("Webhook for %(name)s paused") % data, icon="player-pause")
register("gateway.webhook_resumed", lambda data: _("Webhook for %(name)s goes on") % data, icon="player-play")
register("gateway.webhook_ended", lambda data: _("Webhook for %(name)s ended") % data, icon="x")
register(
    "gateway.webhook_stopped",
    lambda data: _("Webhook for %(name)s paused by itself: nobody answers there") % data,
    tone="late",
    icon="alert-triangle",
)
register("gateway.calendar_made", lambda data: _("Address of a calendar made"), icon="calendar")
register("gateway.calendar_ended", lambda data: _("Address of a calendar ended"), icon="calendar")
