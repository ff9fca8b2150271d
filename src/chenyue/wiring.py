"""Who listens to what: every side effect that crosses packages, on one page; nothing else."""

from django.apps import AppConfig


class Wiring(AppConfig):
    """Connects events to their listeners when the product starts."""

    name = "chenyue.wiring"
    label = "wiring"

    def ready(self) -> None:
        from chenyue.core.events import listen
        from chenyue.people import events as people
        from chenyue.timeline import listeners as timeline

        listen(people.ContactRevealed, timeline.note_look)
        listen(people.PeopleChanged, timeline.note_change)
