"""Blocks and sample rows that several documents have."""

from typing import Any

from chenyue.mediation.dossier.layout import Block, Each, Facts, Line, Sign, When

COMMITTEE: dict[str, Any] = {
    "committee": "晨光街道人民调解委员会",
    "committee_address": "晨光路1号便民服务中心二楼",
    "committee_phone": "010-12345678",
    "file_number": "（2026）晨光人调字第7号",
    "number": "M2026-0007",
    "title": "何秀兰与何建军土地补偿费分配纠纷",
}
PERSON = Facts(
    (
        (("姓名", "{row.name}"), ("性别", "{row.gender}"), ("民族", "{row.ethnicity}"), ("年龄", "{row.age}")),
        (("职业或职务", "{row.occupation}"), ("联系方式", "{row.contact}")),
        (("单位或住址", "{row.address}"),),
    )
)
UNIT = Facts(
    (
        (("名称", "{row.name}"), ("登记号码", "{row.id_number}")),
        (("法定代表人\n或负责人", "{row.head}"), ("联系方式", "{row.contact}")),
        (("住所", "{row.address}"),),
    )
)


def people(rows: str) -> Block:
    """A small form for each party of a list: for persons and for legal persons."""
    each = (
        Line("{row.role}", strong=True),
        When("row.unit", (UNIT,), (PERSON,)),
        When("row.via", (Line("{row.via}"),)),
    )
    return Each(rows, each)


def person(role: str = "申请人", name: str = "何秀兰", **other: Any) -> dict[str, Any]:
    """A sample row of a person."""
    row = {
        "role": role,
        "name": name,
        "unit": False,
        "gender": "女",
        "ethnicity": "汉族",
        "age": "61岁",
        "occupation": "务农",
        "contact": "13900001111",
        "address": "前沙村二组18号",
        "id_number": "110101196505050021",
        "head": "",
        "via": "委托代理人：何晓梅（女儿），可以代为和解、放弃权利、签署协议",
    }
    return row | other


def unit(role: str = "被申请人", name: str = "前沙村股份经济合作社", **other: Any) -> dict[str, Any]:
    """A sample row of a legal person."""
    row = person(role, name) | {"unit": True, "gender": "", "ethnicity": "", "age": "", "occupation": "", "via": ""}
    return (
        row
        | {"id_number": "N2110101MF0000001X", "head": "沙国强", "contact": "010-22223333", "address": "前沙村1号"}
        | other
    )


SIGNS = Sign("signers")
SIGNERS = [
    {"who": "申请人（签名、盖章或按指印）", "words": "何秀兰　2026年3月20日签名"},
    {"who": "被申请人（签名、盖章或按指印）", "words": "何建军　2026年3月20日按指印"},
]
