"""The package as a Django application."""

from django.apps import AppConfig


class Insight(AppConfig):
    """Registration of `chenyue.insight`."""

    name = "chenyue.insight"
    label = "insight"

    def ready(self) -> None:
        from chenyue.insight import following, looks  # noqa: F401 – its tick and its job; the door
        from chenyue.insight import looks_brief  # noqa: F401 – states, doors
        from chenyue.insight import looks_pains, pains, root_chores, verbs_pains  # noqa: F401 – states, ticks, sentences
        from chenyue.insight.brief import chores, paper, verbs  # noqa: F401 – its ticks, its templates, sentences
        from chenyue.insight.opendata import verbs as open_verbs  # noqa: F401 – sentences
