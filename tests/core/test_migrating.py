"""Migrations render few models, and none of them holds a class that is gone."""

import pytest
from django.core.management import get_commands
from django.db import models
from django.db.migrations.state import ModelState, ProjectState

from chenyue.core import migrating


def model(name: str, bases: tuple[str, ...] = (), **relations: models.Field) -> ModelState:
    fields = {} if bases else {"id": models.AutoField(primary_key=True)}
    return ModelState("house", name, list((fields | relations).items()), bases=bases or (models.Model,))


def key(to: str) -> models.ForeignKey:
    return models.ForeignKey(f"house.{to}", models.CASCADE, related_name="+")


@pytest.fixture
def state() -> ProjectState:
    """Flat → House → Street; Owner ↔ Flat; Villa is a House; Club is alone with its members on Street."""
    found = ProjectState()
    for one in (
        model("Street"),
        model("House", on=key("Street")),
        model("Villa", bases=("house.House",)),
        model("Flat", of=key("House")),
        model("Owner", flats=models.ManyToManyField("house.Flat")),
        model("Club", at=key("Street")),
    ):
        found.add_model(one)
    return found


def classes(state: ProjectState) -> dict[str, type[models.Model]]:
    return {m.__name__: m for m in state.apps.get_models(include_auto_created=True)}


def held(state: ProjectState) -> list[tuple[str, str]]:
    """Models that hold a class which is not the one known by its name."""
    known = classes(state)
    wrong = []
    for name, one in known.items():
        ends = [f.related_model for f in one._meta.get_fields(include_hidden=True) if f.is_relation]
        bases = [base for base in one.__mro__[1:] if hasattr(base, "_meta")]
        wrong += [(name, end.__name__) for end in [*ends, *bases] if known[end.__name__] is not end]
    return wrong


@pytest.mark.parametrize(
    ("changed", "anew"),
    [
        ("Club", {"Club"}),
        ("Owner", {"Owner", "Owner_flats"}),
        ("Flat", {"Flat", "Owner", "Owner_flats"}),
        ("House", {"House", "Villa", "Flat", "Owner", "Owner_flats"}),
        ("Street", {"Street", "House", "Villa", "Flat", "Owner", "Owner_flats", "Club"}),
    ],
)
@pytest.mark.parametrize("relation", [True, False])
def test_what_holds_a_changed_model_is_rendered_anew_and_nothing_else(
    state: ProjectState, changed: str, anew: set[str], relation: bool
) -> None:
    before = classes(state)
    with migrating.few_rendered():
        new = key("Club") if relation and changed != "Club" else models.IntegerField(null=True)
        state.add_field("house", changed.lower(), "new", new, preserve_default=True)
    after = classes(state)
    assert {name for name in after if after[name] is not before[name]} == anew
    assert held(state) == []
    assert not state.is_delayed
    assert after[changed]._meta.get_field("new")


def test_a_new_model_renders_itself_only_and_is_seen_by_what_it_leads_to(state: ProjectState) -> None:
    before = classes(state)
    with migrating.few_rendered():
        state.add_model(model("Lamp", lights=models.ForeignKey("house.Street", models.CASCADE)))
    after = classes(state)
    assert [name for name in after if after[name] is not before.get(name)] == ["Lamp"]
    assert held(state) == []
    assert "lamp" in {f.name for f in after["Street"]._meta.related_objects}


def test_django_is_as_before_afterwards_and_the_command_is_ours() -> None:
    django_s = ProjectState._find_reload_model
    with migrating.few_rendered():
        assert ProjectState._find_reload_model is not django_s
    assert ProjectState._find_reload_model is django_s
    assert get_commands()["migrate"] == "chenyue.core"
