"""Migrations without waiting: after a step only those models are rendered anew that hold the one it changed.

Django renders every model that is connected with the changed one, in either direction and over any number of others.
Where everything has a member, a place or a unit, that is all models after each of some 500 steps: nine tenths of the
time that an empty office takes to make its tables. The old class is held only by what leads to it, as a relation or
as a base, and by what leads to these.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps.registry import Apps
from django.db.migrations.state import ProjectState
from django.db.models import Model

Key = tuple[str, str]  # app label and the model's name in small letters


@contextmanager
def few_rendered() -> Iterator[None]:
    """Within, states of migrations render as little as is right."""
    django_s = ProjectState._find_reload_model  # type: ignore[attr-defined]
    ProjectState._find_reload_model = _holding  # type: ignore[attr-defined]
    try:
        yield
    finally:
        ProjectState._find_reload_model = django_s  # type: ignore[attr-defined]


def _holding(state: ProjectState, app_label: str, model_name: str, delay: bool = False) -> set[Key]:
    """The model and all that hold its class, at once even where Django would put a part off (`delay`)."""
    holders = _holders(state.apps)
    found = {(app_label, model_name)}
    queue = list(found)
    while queue:
        new = holders.get(queue.pop(), set()) - found
        found |= new
        queue.extend(new)
    return found


def _holders(apps: Apps) -> dict[Key, set[Key]]:
    """For each model those that lead to it directly."""
    holders: dict[Key, set[Key]] = {}
    for model in apps.get_models(include_auto_created=True):
        for held in _held(model):
            holders.setdefault(_key(held), set()).add(_key(model))
    return holders


def _held(model: type[Model]) -> Iterator[type[Model]]:
    """The models that one leads to: by relations, the tables between, bases, and what a table between is made for."""
    for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
        relation: Any = field.remote_field
        for end in (getattr(relation, "model", None), getattr(relation, "through", None)):
            if isinstance(end, type):
                yield end
    yield from (base for base in model.__mro__[1:] if hasattr(base, "_meta") and not base._meta.abstract)
    made_for: Any = model._meta.auto_created  # the model itself, though Django's types say a flag
    if made_for:
        yield made_for


def _key(model: type[Model]) -> Key:
    return model._meta.app_label, model._meta.model_name or ""
