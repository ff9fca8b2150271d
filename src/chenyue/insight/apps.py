"""The package as a Django application."""

from django.apps import AppConfig


class Insight(AppConfig):
    """Registration of `chenyue.insight`."""

    name = "chenyue.insight"
    label = "insight"

    def ready(self) -> None:
        from chenyue.insight import (  # noqa: F401 – ticks, jobs, doors, filters of lists, sentences
            following,
            lists,
            looks,
            looks_boards,
            looks_brief,
            looks_pains,
            pains,
            root_chores,
            verbs_boards,
            verbs_pains,
            whole,
        )
        from chenyue.insight.brief import chores, paper, verbs  # noqa: F401 – its ticks, its templates, sentences
        from chenyue.insight.opendata import verbs as open_verbs  # noqa: F401 – sentences
