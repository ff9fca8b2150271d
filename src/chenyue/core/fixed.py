"""Templates, folded once: what is the same on every page is written once for each language.

A page is mostly fixed words: markup, sentences in the reader's language, addresses of files and doors, pictures.
The template engine works each of them out anew for each reader. Here, when a template is loaded, every run of parts
that depend on nothing but the language becomes one piece, and an included template becomes a part of its page.
Only literals are folded, nothing that comes from a request or from the database, so that a piece can't go stale
and can't show one person's words to another.
"""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from django.template import Context, Template, TemplateDoesNotExist
from django.template.base import FilterExpression, Node, NodeList, TextNode, VariableNode
from django.template.defaulttags import CycleNode, IfChangedNode, IfNode, ResetCycleNode, URLNode
from django.template.library import SimpleNode
from django.template.loader_tags import BlockNode, ExtendsNode, IncludeNode
from django.template.loaders import cached
from django.templatetags.i18n import TranslateNode
from django.templatetags.static import StaticNode
from django.utils.safestring import SafeString
from django.utils.translation import get_language

F = TypeVar("F", bound=Callable[..., Any])
# What these do depends on the template they stand in, or on how often they were asked.
STAY_APART = (BlockNode, ExtendsNode, CycleNode, ResetCycleNode, IfChangedNode)


def same_for_all(tag: F) -> F:
    """Mark a simple tag whose words depend on its arguments and the language only."""
    tag.same_for_all = True  # type: ignore[attr-defined]
    return tag


class Fixed(Node):
    """A run of parts that are the same for everyone who reads this language."""

    child_nodelists = ()

    def __init__(self, parts: list[Node]) -> None:
        self.parts = parts
        self.token, self.origin = parts[0].token, parts[0].origin
        self._said: dict[tuple[str | None, bool], str] = {}

    def render(self, context: Context) -> str:
        """As the parts would say it; worked out at the first time for each language."""
        key = get_language(), context.autoescape
        said = self._said.get(key)
        if said is None:
            said = self._said[key] = SafeString("".join([str(part.render_annotated(context)) for part in self.parts]))
        return said

    render_annotated = render


class Included(Node):
    """An included template as a part of its page, without being looked up and set apart for each reader."""

    child_nodelists = ("nodelist",)

    def __init__(self, node: IncludeNode, nodelist: NodeList) -> None:
        self.nodelist = nodelist
        self.token, self.origin = node.token, node.origin
        self.more = tuple(node.extra_context.items())

    def render(self, context: Context) -> str:
        """As the included template says it; what it sets is gone after it."""
        with context.push(**{name: value.resolve(context) for name, value in self.more}):
            return self.nodelist.render(context)


def _literal(expression: Any) -> bool:
    if not isinstance(expression, FilterExpression) or expression.filters:
        return False
    found: Any = expression
    return not found.is_var or getattr(found.var, "lookups", ()) is None


def _tag_is_fixed(node: SimpleNode) -> bool:
    own = getattr(node.func, "same_for_all", False) and not node.takes_context and node.target_var is None
    return own and all(map(_literal, (*node.args, *node.kwargs.values())))


FIXED: dict[type[Node], Callable[[Any], bool]] = {
    Fixed: lambda node: True,
    TextNode: lambda node: True,
    VariableNode: lambda node: _literal(node.filter_expression),
    TranslateNode: lambda node: not node.asvar and not node.message_context and _literal(node.filter_expression),
    StaticNode: lambda node: node.varname is None and _literal(node.path),
    URLNode: lambda node: not node.asvar and all(map(_literal, (node.view_name, *node.args, *node.kwargs.values()))),
    SimpleNode: _tag_is_fixed,
    IncludeNode: lambda node: False,
    Included: lambda node: not node.more and all(map(is_fixed, node.nodelist)),
}


def is_fixed(node: Node) -> bool:
    """Whether a node says the same to everyone who reads the same language."""
    test = FIXED.get(type(node))
    return test is not None and test(node)


def _lists_of(node: Node) -> Iterator[NodeList]:
    if isinstance(node, IfNode):
        yield from (nodelist for _condition, nodelist in node.conditions_nodelists)
        return
    for name in node.child_nodelists:
        found = getattr(node, name, None)
        if isinstance(found, NodeList):
            yield found


def fold(nodelist: NodeList, include: Callable[[IncludeNode], Node]) -> None:
    """Fold a list of nodes in place, and what hangs on them."""
    for at, node in enumerate(nodelist):
        if isinstance(node, IncludeNode):
            nodelist[at] = include(node)
        elif not isinstance(node, Fixed):
            for inner in _lists_of(node):
                fold(inner, include)
    nodelist[:] = _runs_joined(nodelist)


def _runs_joined(nodes: NodeList) -> list[Node]:
    found: list[Node] = []
    run: list[Node] = []
    for node in [*nodes, None]:
        if node is not None and is_fixed(node):
            run.append(node)
            continue
        if run:
            found.append(run[0] if len(run) == 1 and isinstance(run[0], TextNode | Fixed) else Fixed(run))
            run = []
        if node is not None:
            found.append(node)
    return found


class Loader(cached.Loader):
    """Django's cached loader; each template is folded when it is first loaded."""

    def __init__(self, engine: Any, loaders: Any) -> None:
        super().__init__(engine, loaders)
        self._loading: set[str] = set()

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        """The folded template."""
        found = super().get_template(template_name, skip)
        if not getattr(found, "folded", False):
            found.folded = True  # type: ignore[attr-defined]
            self._loading.add(template_name)
            fold(found.nodelist, self._included)
            self._loading.discard(template_name)
        return found

    def _included(self, node: IncludeNode) -> Node:
        """The included template's parts, where its name is a literal and it has no blocks; else the node as it is."""
        name = node.template.var if _literal(node.template) else None
        if not isinstance(name, str) or name.startswith(".") or "#" in name or node.isolated_context:
            return node
        if name in self._loading:  # includes itself
            return node
        try:
            found = self.get_template(name)
        except TemplateDoesNotExist:
            return node
        apart = found.nodelist.get_nodes_by_type(STAY_APART)  # type: ignore[arg-type]
        return node if apart else Included(node, found.nodelist)
