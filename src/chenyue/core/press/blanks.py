"""The language of Word templates: blanks, loops, choices. A template of an office is a program of strangers.

Jinja's sandbox keeps it from the machine; the list of nodes below keeps it from being a program at all: no calls,
filters, arithmetic, assignments, inclusions. And each blank is looked up in sample data before the template is
taken, so that a blank that nothing fills is named at once and not found on a finished paper.
"""

import re
from typing import Any

from jinja2 import StrictUndefined, nodes
from jinja2.exceptions import TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from chenyue.core.press.refused import Refused

PLAIN = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.Const,
    nodes.For,
    nodes.If,
    nodes.Not,
    nodes.And,
    nodes.Or,
    nodes.Compare,
    nodes.Operand,
)
NAMED = (nodes.Name, nodes.Getattr)
LOOP = {"index": 1, "index0": 0, "first": True, "last": True, "length": 1}
DEEPEST = 4  # loops within loops


class Hole(StrictUndefined):
    """A blank that nothing fills: the template is refused, naming it."""

    def __init__(self, hint: Any = None, obj: Any = None, name: Any = None, exc: Any = None) -> None:
        raise Refused("unknown_blank", str(name))


def _shown(value: Any) -> Any:
    """Nothing is written as nothing."""
    return "" if value is None else value


class Plain(ImmutableSandboxedEnvironment):
    """Takes the plain nodes only, looks up keys only, and escapes all."""

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=Hole, extensions=[], finalize=_shown)
        self.globals.clear()
        self.filters.clear()
        self.tests.clear()

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Each text that docxtpl gives to Jinja passes here: body, headers, footers, footnotes, properties."""
        try:
            tree = super()._parse(source, name, filename)
        except TemplateSyntaxError as error:
            ended = "Unexpected end of template" in (error.message or "")
            raise Refused("unclosed" if ended else "syntax", near(source, error.lineno)) from error
        for node in tree.find_all(nodes.Node):
            if not isinstance(node, PLAIN):
                raise Refused("not_plain", near(source, node.lineno))
            if isinstance(node, nodes.For) and (node.recursive or not isinstance(node.target, nodes.Name)):
                raise Refused("not_plain", near(source, node.lineno))
            if isinstance(node, nodes.Getattr) and (node.attr[0] == "_" or not isinstance(node.node, NAMED)):
                raise Refused("not_plain", near(source, node.lineno))
        return tree

    def getattr(self, obj: Any, attribute: str) -> Any:
        """The part of plain data by its name; never an attribute of an object."""
        if isinstance(obj, dict):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        if type(obj).__name__ == "LoopContext" and attribute in LOOP:
            return getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)


def near(source: str, line: int | None) -> str:
    """What the paragraph says that begins on this line, as people see it."""
    lines = source.split("\n")
    return re.sub(r"<[^>]*>", "", lines[line - 1]).strip()[:80] if line and line <= len(lines) else ""


def unknown(tree: nodes.Template, sample: dict[str, Any]) -> list[str]:
    """Blanks of a template that the sample has nothing for, as they are written, each once."""
    found: dict[str, None] = {}
    _walk(list(tree.body), dict(sample), found, 0)
    return list(found)


_NOTHING = object()


def _walk(body: list[nodes.Node], known: dict[str, Any], found: dict[str, None], deep: int) -> None:
    for node in body:
        if isinstance(node, nodes.For):
            if deep >= DEEPEST:
                raise Refused("too_deep", _written(node.iter))
            rows = _value(node.iter, known, found)
            inner = {**known, "loop": LOOP}
            assert isinstance(node.target, nodes.Name)
            inner[node.target.name] = rows[0] if isinstance(rows, list) and rows else _NOTHING
            if rows is not _NOTHING and not isinstance(rows, list):
                raise Refused("not_a_list", _written(node.iter))
            if node.test is not None:
                _value(node.test, inner, found)
            _walk(list(node.body), inner, found, deep + 1)
            _walk(list(node.else_), known, found, deep)
        elif isinstance(node, nodes.If):
            _value(node.test, known, found)
            _walk([*node.body, *node.elif_, *node.else_], known, found, deep)
        elif isinstance(node, nodes.Output):
            for part in node.nodes:
                _value(part, known, found)


def _value(node: nodes.Node, known: dict[str, Any], found: dict[str, None]) -> Any:
    """What the sample has for an expression; `_NOTHING` if it has nothing or it is no plain blank."""
    if isinstance(node, nodes.Name):
        if node.name not in known:
            found[node.name] = None
        return known.get(node.name, _NOTHING)
    if isinstance(node, nodes.Getattr):
        whole = _value(node.node, known, found)
        if whole is _NOTHING:
            return _NOTHING
        if not isinstance(whole, dict) or node.attr not in whole:
            found[_written(node)] = None
            return _NOTHING
        return whole[node.attr]
    for part in node.iter_child_nodes():
        _value(part, known, found)
    return _NOTHING


def _written(node: nodes.Node) -> str:
    if isinstance(node, nodes.Getattr):
        return f"{_written(node.node)}.{node.attr}"
    return node.name if isinstance(node, nodes.Name) else "…"
