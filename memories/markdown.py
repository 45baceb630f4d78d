"""Markdown in replies: rendered here, never in the browser, and cleaned of everything that could act or leak."""

from __future__ import annotations

import functools

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = {
    *("p", "br", "hr", "blockquote", "pre", "code", "em", "strong", "del", "s", "a"),
    *("ul", "ol", "li", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td", "div"),
}
ATTRIBUTES = {
    "a": {"href", "title"},
    "ol": {"start"},
    "code": {"class"},
    "th": {"class"},
    "td": {"class"},
    "div": {"class", "tabindex"},
}
CLASSES = {"th": {"right", "centre"}, "td": {"right", "centre"}, "div": {"wide"}}


@functools.cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True})
    parser.enable(["table", "strikethrough"])
    return parser


def rendered(text: str) -> SafeString:
    """Clean HTML for a Markdown text. Headings begin at the second level, below the page's own, and skip none."""
    tokens = _parser().parse(text)
    above: list[str] = []
    for token in tokens:
        if token.type == "heading_open":
            above = [*(tag for tag in above if tag < token.tag), token.tag]
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, len(above) + 1)}"
        for child in token.children or ():
            if child.type == "image":
                # Only its words: fetching one would tell a stranger's server that, and with what in its address, it was
                # shown.
                child.type, child.tag, child.content = "text", "", child.content
        style = str(token.attrs.pop("style", ""))
        if style:
            # The site's policy allows no inline style.
            token.attrs["class"] = {"text-align:right": "right", "text-align:center": "centre"}.get(style, "")
    html = _parser().renderer.render(tokens, _parser().options, {})
    # A table or code that is too wide scrolls by itself, not the page.
    html = html.replace("<table>", '<div class="wide" tabindex="0"><table>').replace("</table>", "</table></div>")
    clean = nh3.clean(
        html,
        tags=TAGS,
        attributes={name: kept - {"class"} for name, kept in ATTRIBUTES.items()},
        allowed_classes=CLASSES,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer",
    )
    return mark_safe(clean)  # noqa: S308  (cleaned in the line above)
