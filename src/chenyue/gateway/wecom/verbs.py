"""Sentences of the timeline for WeCom."""

from django.utils.translation import gettext as _

from chenyue.timeline.verbs import register

register(
    "gateway.wecom_set",
    lambda data: (
        (
            _("WeCom connection set, switched on: %(name)s")
            if data.get("on")
            else _("WeCom connection set, switched off: %(name)s")
        )
        % data
    ),
    icon="settings",
)
register("gateway.wecom_ended", lambda data: _("WeCom connection ended: %(name)s") % data, icon="x")
register("gateway.wecom_bound", lambda data: _("WeCom account of %(name)s is known") % data, icon="link")
register("gateway.wecom_unbound", lambda data: _("WeCom account of %(name)s is no longer known") % data, icon="x")
register(
    "gateway.wecom_media_lost",
    lambda data: _("%(count)s pictures from WeCom couldn't be fetched") % data,
    tone="due",
    icon="photo",
)
