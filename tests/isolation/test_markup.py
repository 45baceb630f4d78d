"""Reads the source: nothing that anyone said is taken for markup, in Python or in a template."""

from __future__ import annotations

import ast
import re

import pytest

from tests.isolation.test_statements import PACKAGES, ROOT, sources

pytestmark = pytest.mark.slow

TRUSTED = {
    ("memories/markdown.py", "mark_safe"): "what nh3 has just cleaned",
    ("memories/charts.py", "SafeString"): "an empty text",
}
"""(file, word): what is shown as markup without being escaped. Everything else goes through format_html."""
HELP = "_field.html"
"""Shows the help of a form's field, which stands in the source, as Django means it: it may hold a link."""
RAW = {"mark_safe", "SafeString", "SafeText", "html_safe", "safestring"}
OFF = re.compile(
    r"\|\s*safe(?:seq)?\b|\{%\s*autoescape\s+off|\bjavascript:|\s(?:on[a-z]+|style)=[\"'{]"
    r"|<script(?![^>]*\b(?:src=|type=\"application/json\"))"
)
"""In a template: escaping turned off, or what the policy forbids."""


def unescaped(tree: ast.Module) -> set[str]:
    """The words of RAW that are called or put on a class, by whatever name; and formats that are no plain text."""
    names = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    found = set()
    for node in ast.walk(tree):
        calls = [node.func] if isinstance(node, ast.Call) else getattr(node, "decorator_list", [])
        for call in calls:
            word = call.attr if isinstance(call, ast.Attribute) else names.get(getattr(call, "id", ""), "")
            if word in RAW:
                found.add(word)
            if word.startswith("format_html") and not all(map(_plain, node.args[: 1 + word.endswith("_join")])):
                found.add(word)
    return found


def _plain(node: ast.AST) -> bool:
    """A text that stands in the source, or several one after the other: nothing of anyone's is in it."""
    return isinstance(node, ast.Constant)


def test_nothing_of_anyones_is_taken_for_markup() -> None:
    found = {(file, word) for file, tree in sources() for word in unescaped(tree)}
    assert found <= set(TRUSTED), "use format_html, or say in TRUSTED why this is harmless"
    assert set(TRUSTED) <= found


def test_no_template_turns_escaping_off() -> None:
    files = [path for folder in ("templates", *PACKAGES) for path in (ROOT / folder).rglob("*.html")]
    assert len(files) > 60
    found = [(path.name, hit.group()) for path in files for hit in OFF.finditer(path.read_text())]
    assert found == [(HELP, "|safe")]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from django.utils.safestring import mark_safe as fine\nfine(x)", {"mark_safe"}),
        ("from django.utils import safestring\nsafestring.SafeString(x)", {"SafeString"}),
        ("from django.utils.html import html_safe\n@html_safe\nclass A: pass", {"html_safe"}),
        ("from django.utils.html import format_html\nformat_html(f'<b>{x}</b>')", {"format_html"}),
        ("from django.utils.html import format_html\nformat_html('<b>{}</b>', x)", set()),
        ("from django.utils.html import format_html_join\nformat_html_join('', y, x)", {"format_html_join"}),
        ("from django.utils.html import escape\nescape(x)", set()),
    ],
)
def test_the_reader_of_markup_can_tell(source: str, found: set[str]) -> None:
    assert unescaped(ast.parse(source)) == found


@pytest.mark.parametrize(
    ("template", "bad"),
    [
        ("{{ text|safe }}", True),
        ("{% autoescape off %}", True),
        ("<a onclick='x()'>", True),
        ("<script>x()</script>", True),
        ("<script src=\"{% static 'x.js' %}\" defer></script>", False),
        ('<p class="safe">{{ text|linebreaksbr }} one = two</p>', False),
    ],
)
def test_the_reader_of_templates_can_tell(template: str, bad: bool) -> None:
    assert bool(OFF.search(template)) is bad
