"""The table of doors, for stewards, their terms and buildings."""

from typing import Any

from house.doors import NOTHING, Door, building, once, only, posted

KEEPS = ("li", "zhao")  # who appoints stewards


def somebody(world: Any) -> Any:
    """A steward of 金桂苑2幢 who signs in as 王."""
    from chenyue.stewards.models import Steward
    from stewards import stage

    found = Steward.objects.filter(member=world.cast.wang).first()
    if found is None:
        found = stage.steward(world.cast, "王建国", world.cast.wang, phone="13812340000")
        stage.term(world.cast, found, "金桂苑2幢")
    return found


def steward(world: Any) -> dict[str, Any]:
    return {"pk": somebody(world).pk}


def term(world: Any) -> dict[str, Any]:
    return {"pk": somebody(world).terms.get().pk}


def handed(world: Any) -> dict[str, Any]:
    """A building that 王 took over."""
    from cast import NOW
    from chenyue.stewards import actions
    from chenyue.stewards.models import HandOver
    from stewards import stage

    if not HandOver.objects.exists():
        first = stage.term(world.cast, stage.steward(world.cast, "周桂珍"), "金桂苑3幢")
        by = world.cast.zhao.actor()
        actions.hand_on(term=first, to=somebody(world), reason="age", words="钥匙在门卫", by=by, at=NOW)
    return {"pk": HandOver.objects.get().pk}


STEWARDS: dict[str, Door | list[Door]] = {
    "stewards:coverage": Door(only(*KEEPS)),
    "stewards:people": Door(only(*KEEPS)),
    "stewards:new": [Door(only(*KEEPS)), posted(only(*KEEPS, status=422))],
    "stewards:succession": Door(only(*KEEPS)),
    "stewards:settings": [Door(only(*KEEPS, "admin")), posted(only(*KEEPS, "admin", status=422))],
    "stewards:table": Door(only(*KEEPS)),
    "stewards:steward": [Door(only(*KEEPS), steward), Door(only(*KEEPS, status=404), NOTHING)],
    "stewards:edit": Door(only(*KEEPS), steward),
    "stewards:away": [Door(only(*KEEPS), steward), posted(only(*KEEPS, status=422), steward)],
    "stewards:leave": [Door(only(*KEEPS), steward), posted(only(*KEEPS, status=422), steward)],
    "stewards:back": posted(only(*KEEPS, status=303), steward, once),
    "stewards:phone": posted(only(*KEEPS), steward, lambda w: once(w) | {"reason": "约交接时间"}),
    "stewards:building": [Door(only(*KEEPS), building), posted(only(*KEEPS, status=422), building)],
    "stewards:facts": Door(only(*KEEPS), building),
    "stewards:end": [Door(only(*KEEPS), term), Door(only(*KEEPS, status=404), NOTHING)],
    "stewards:acknowledge": [
        posted(only("wang", *KEEPS, status=303), handed, once),
        posted(only(status=404), NOTHING, once),
    ],
    "desk:hand-over": [Door(only("wang", *KEEPS), handed), Door(only(status=404), NOTHING)],
    "desk:stewards-import": Door(only(*KEEPS)),
}
