"""Jinja with bounds: a template sees no attribute that is not data's, and neither runs nor grows for ever.

The bounds count steps and characters, not seconds, so that a page that is made tonight is made in a replay, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2.environment import Template
    from jinja2.sandbox import SandboxedEnvironment

STEPS = 2_000_000  # rounds of all loops of one page together; a list of 10,000 entries takes some 100,000
LARGEST = 20_000_000  # characters or items of one value, and characters of one page
FILTERED = 2_000_000  # items that all filters of one page look at together; a hundred characters count as one
_WIDEST = 10_000  # what a width may be


class TooMuch(ValueError):
    """A template that would run or grow beyond its bounds."""


def environment(finalize: Callable[[object], str], filters: Mapping[str, Any]) -> SandboxedEnvironment:
    """Makes a sandbox that prints by `finalize` and knows `filters` beside Jinja's own; without files."""
    from jinja2 import StrictUndefined
    from jinja2.runtime import Context
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Bounded(ImmutableSandboxedEnvironment):
        intercepted_binops = frozenset(("+", "*", "**", "%"))

        def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
            _check_operands(operator, left, right)
            return _sized(super().call_binop(context, operator, left, right))

        def call(self, context: Context, called: Any, /, *args: Any, **named: Any) -> Any:
            method = getattr(called, "__wrapped__", called)  # the sandbox wraps str.format
            owner = getattr(method, "__self__", None)
            if isinstance(owner, str) and method.__name__ in ("format", "format_map"):
                _check_format(owner)
            elif isinstance(owner, str | bytes):
                _check_widths((*args, *named.values()))
                _check_growth(method.__name__, owner, args)
            return _sized(super().call(context, called, *args, **named))

    made = Bounded(
        undefined=StrictUndefined, finalize=finalize, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    for name in ("center", "indent", "wordwrap", "truncate"):
        made.filters[name] = _narrow(made.filters[name])
    made.filters["format"] = _checked_format(made.filters["format"])
    filtered = _Counter(FILTERED, f"filters look at more than {FILTERED:,} items")
    made.filters.update({name: _counted(name, own, filtered) for name, own in made.filters.items()})
    made.filters.update(filters)
    del made.globals["lipsum"]  # nonsense of any length
    return made


@dataclass(slots=True)
class _Counter:
    """Counts what a page does of one kind, up to a bound."""

    left: int
    said: str

    def spend(self, number: int) -> None:
        self.left -= number
        if self.left < 0:
            raise TooMuch(self.said)

    def each(self, items: Iterable[Any]) -> Iterator[Any]:
        for item in items:
            self.spend(1)
            yield item


def _counted(name: str, own: Callable[..., Any], filtered: _Counter) -> Callable[..., Any]:
    """A filter that counts what it is given; what it is given stands behind Jinja's own argument, where it wants one."""
    at = 1 if hasattr(own, "jinja_pass_arg") else 0

    @wraps(own)
    def counted(*args: Any, **named: Any) -> Any:
        given: Any = args[at] if len(args) > at else None
        if isinstance(given, Iterator):
            args = (*args[:at], filtered.each(given), *args[at + 1 :])
        elif hasattr(given, "__len__"):
            filtered.spend(1 + len(given) // (100 if isinstance(given, str | bytes) else 1))
        _check_growth(name, given, args[at + 1 :])
        return _sized(own(*args, **named))

    return counted


def compiled(made: SandboxedEnvironment, text: str) -> Template:
    """Compiles a template whose loops count their rounds; raises TemplateSyntaxError."""
    from jinja2 import nodes
    from jinja2.environment import Template

    tree = made.parse(text)
    made.filters["bounded by harvester"] = _Counter(STEPS, f"loops go round more than {STEPS:,} times").each
    for loop in tree.find_all(nodes.For):
        loop.iter = nodes.Filter(loop.iter, "bounded by harvester", [], [], None, None, lineno=loop.lineno)
    for joined in tree.find_all(nodes.Concat):
        joined.nodes = [
            nodes.Filter(node, "sized by harvester", [], [], None, None, lineno=node.lineno) for node in joined.nodes
        ]
    made.filters["sized by harvester"] = _sized
    return Template.from_code(made, made.compile(tree, None, None), made.make_globals(None))


def filled(template: Template, context: Mapping[str, Any]) -> str:
    """Fills a template; raises TooMuch where the page would become too large, and whatever a template can raise."""
    parts, size = [], 0
    for part in template.generate(**context):
        size += len(part)
        if size > LARGEST:
            raise TooMuch(f"the page has more than {LARGEST:,} characters")
        parts.append(part)
    return "".join(parts)


def _check_operands(operator: str, left: Any, right: Any) -> None:
    if operator == "**" and (abs(left) > 1_000_000 or abs(right) > 64):
        raise TooMuch("a power of numbers so large")
    for one, other in ((left, right), (right, left)):
        if operator == "*" and isinstance(one, int) and hasattr(other, "__len__") and one * len(other) > LARGEST:
            raise TooMuch(f"a value of more than {LARGEST:,} characters or items")
    if operator == "%" and isinstance(left, str):
        _check_format(left)


def _check_format(text: str) -> None:
    """A width of five digits, or one that is filled in, may be as large as memory."""
    if re.search(r"\d{5}|%[^A-Za-z%]*\*|\{[^{}]*\{", text):
        raise TooMuch(f"a width of more than {_WIDEST:,}, or one that is filled in")


def _check_growth(name: str, given: Any, args: Sequence[Any]) -> None:
    """What replaces a text, or stands between many, may make them as large as memory."""
    if name == "replace" and len(args) > 1 and isinstance(given, str):
        old, new = str(args[0]), str(args[1])
        size = given.count(old) * len(new)
    elif name == "join" and args and hasattr(args[0], "__len__") and hasattr(given, "__len__"):
        size = len(given) * len(args[0])
    else:
        return
    if size > LARGEST:
        raise TooMuch(f"a value of more than {LARGEST:,} characters or items")


def _check_widths(values: Iterable[Any]) -> None:
    if any(isinstance(value, int) and value > _WIDEST for value in values):
        raise TooMuch(f"a width of more than {_WIDEST:,}")


def _sized(value: Any) -> Any:
    if hasattr(value, "__len__") and len(value) > LARGEST:
        raise TooMuch(f"a value of more than {LARGEST:,} characters or items")
    return value


def _checked_format(own: Callable[..., Any]) -> Callable[..., Any]:
    def checked(text: str, *args: Any, **named: Any) -> Any:
        _check_format(text)
        return own(text, *args, **named)

    return checked


def _narrow(own: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(own)  # with it, that Jinja hands the environment in
    def narrow(*args: Any, **named: Any) -> Any:
        _check_widths((*args, *named.values()))
        return own(*args, **named)

    return narrow
