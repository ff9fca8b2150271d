"""The package as a Django application."""

from django.apps import AppConfig


class Mediation(AppConfig):
    """Registration of `chenyue.mediation`."""

    name = "chenyue.mediation"
    label = "mediation"

    def ready(self) -> None:
        from chenyue.mediation import (  # noqa: F401 – verbs, tabs, states, ticks, what follows an answer or a stage
            agree_chores,
            casework,
            chores_core,
            inviting,
            letters_core,
            looks,
            openness,
            running,
            verbs_agree,
            verbs_core,
            verbs_faces,
            verbs_paper,
            verbs_rights,
            verbs_talks,
        )
        from chenyue.mediation.dossier import papermaking  # noqa: F401 – Word templates that an office may replace
