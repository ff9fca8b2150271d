"""The package as a Django application."""

from django.apps import AppConfig


class Notify(AppConfig):
    """Registration of `chenyue.notify`."""

    name = "chenyue.notify"
    label = "notify"

    def ready(self) -> None:
        """Register the channels, the jobs, the ticks, the texts and the states."""
        from chenyue.notify import channels, chrome, delivery, shipped, vitals  # noqa: F401
        from chenyue.notify.channels import desk, email, robots, sms

        for one in (desk.CHANNEL, email.CHANNEL, sms.CHANNEL):
            channels.register(one)
        for robot in (robots.DINGTALK, robots.FEISHU):
            channels.register_several(robot)
