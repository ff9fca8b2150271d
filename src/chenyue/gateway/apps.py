"""The package as a Django application."""

from django.apps import AppConfig


class Gateway(AppConfig):
    """Registration of `chenyue.gateway`."""

    name = "chenyue.gateway"
    label = "gateway"

    def ready(self) -> None:
        from chenyue.gateway import chrome, ringing, verbs  # noqa: F401 – doors, alerts, sentences
        from chenyue.gateway import chrome_machines as _machines  # noqa: F401 – states of deliveries
        from chenyue.gateway import verbs_machines as _programs  # noqa: F401
        from chenyue.gateway.hotline import batches, filing, undoing  # noqa: F401 – jobs, tick
        from chenyue.gateway.mail_in import channel as mail_in
        from chenyue.gateway.mail_in import chrome as _mail_chrome  # noqa: F401 – states
        from chenyue.gateway.mail_in import turns as _mail_turns  # noqa: F401 – ticks
        from chenyue.gateway.webhooks import sending as _webhooks  # noqa: F401 – ticks
        from chenyue.gateway.wecom import chrome as _wecom_chrome  # noqa: F401
        from chenyue.gateway.wecom import files, forwards, inbox, reports, sending, service, talks  # noqa: F401 – ticks
        from chenyue.gateway.wecom import verbs as _wecom_verbs  # noqa: F401

        mail_in.register()
        sending.register()
