"""Charts as SVG made on the server: no script, no inline style; colours come from the stylesheet's classes.

Each has a title and a description for those who do not see it, and stands beside a table with the same numbers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDE, HEIGHT, HEAD, FOOT = 640, 150, 28, 32
"""Of a column chart, in its own units: the head holds the highest column's number, the foot the labels."""
MANY = 12
"""Columns beyond which a phone has no room for their numbers; the table beside the chart says them."""
WIDTH, ROW, LABEL = 400, 30, 145
"""Of a bar chart: its width, the height of a line, the width of a name."""


def meter(percent: int) -> SafeString:
    """How full something is, 0..100. Anything above nothing is seen."""
    width = max(1, percent) if percent else 0
    return format_html(
        '<svg viewBox="0 0 100 6" preserveAspectRatio="none" width="100%" height="6" aria-hidden="true">'
        '<rect width="{}" height="6" rx="0"></rect></svg>',
        width,
    )


def sparkline(starts: Sequence[dt.datetime], counts: Sequence[int]) -> SafeString:
    """A column a week without axes; the words beside it say the numbers."""
    if not any(counts):
        return SafeString("")
    step = 520 / len(counts)
    top = max(counts)
    columns = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}" rx="3"></rect>',
        (
            (
                f"{place * step + 3:.1f}",
                f"{80 - _height(count, top, 72):.1f}",
                f"{step - 6:.1f}",
                _height(count, top, 72),
            )
            for place, count in enumerate(counts)
        ),
    )
    busiest = starts[counts.index(top)]
    words = (
        f"Memories saved per week since {starts[0]:%-d %B}: {sum(counts)}, most in the week of {busiest:%-d %B}: {top}"
    )
    return format_html(
        '<svg class="bars" viewBox="0 0 520 84" width="100%" role="img" aria-label="{}">{}'
        '<line x1="0" x2="520" y1="82" y2="82"></line></svg>',
        words,
        columns,
    )


def drawn(name: str, title: str, rows: Sequence[tuple[str, int]]) -> SafeString:
    """The chart of a table: columns where the rows are months, lines otherwise."""
    most = max(rows, key=lambda row: row[1], default=("", 0))
    total = sum(count for _, count in rows)
    words = f"{total:,} in all; most: {most[0]}, {most[1]:,}." if total else "Nothing yet."
    if name != "came":
        return bars(name, dict(rows), title=title, description=words)
    labels = [f"{label[:3]} ’{label[-2:]}" for label, _ in rows]
    return columns(name, labels, [count for _, count in rows], title=title, description=words)


def columns(name: str, labels: Sequence[str], counts: Sequence[int], *, title: str, description: str) -> SafeString:
    """Columns side by side, growing from left to right in time; `name` makes the ids of title and description."""
    top = max([*counts, 1])
    step = WIDE / max(len(counts), 1)
    every = -(-len(labels) // 5)
    drawn = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}" rx="3"></rect>',
        (
            (
                f"{place * step + step * 0.12:.1f}",
                f"{HEIGHT - _height(n, top, HEIGHT - HEAD):.1f}",
                f"{step * 0.76:.1f}",
                _height(n, top, HEIGHT - HEAD),
            )
            for place, n in enumerate(counts)
        ),
    )
    numbers = format_html_join(
        "",
        '<text class="figure" x="{}" y="{}">{}</text>',
        (
            (f"{(place + 0.5) * step:.1f}", f"{HEIGHT - _height(n, top, HEIGHT - HEAD) - 4:.1f}", n)
            for place, n in enumerate(counts)
            if n
        ),
    )
    names = format_html_join(
        "",
        '<text class="{}" x="{}" y="{}">{}</text>',
        (
            # The last one ends where its column does: in the middle it would be cut off.
            ("end", f"{WIDE - step * 0.12:.1f}", HEIGHT + FOOT - 8, label)
            if place == len(labels) - 1
            else ("", f"{(place + 0.5) * step:.1f}", HEIGHT + FOOT - 8, label)
            for place, label in enumerate(labels)
            if (len(labels) - 1 - place) % every == 0
        ),
    )
    parts = format_html("{}{}{}", drawn, numbers, names)
    kind = "wide many" if len(counts) > MANY else "wide"
    return _svg(name, title, description, f"0 0 {WIDE} {HEIGHT + FOOT}", parts, kind=kind)


def bars(name: str, parts: Mapping[str, int], *, title: str, description: str) -> SafeString:
    """A line each, named at the left, its number at the end."""
    top = max([*parts.values(), 1])
    room = WIDTH - LABEL - 60
    drawn = format_html_join(
        "",
        '<text class="name" x="{}" y="{}">{}</text><rect x="{}" y="{}" width="{}" height="16" rx="3"></rect>'
        '<text class="figure start" x="{}" y="{}">{}</text>',
        (
            (
                LABEL - 10,
                row * ROW + 20,
                label,
                LABEL,
                row * ROW + 6,
                _height(n, top, room),
                f"{LABEL + float(_height(n, top, room)) + 8:.1f}",
                row * ROW + 20,
                f"{n:,}",
            )
            for row, (label, n) in enumerate(parts.items())
        ),
    )
    return _svg(name, title, description, f"0 0 {WIDTH} {ROW * max(len(parts), 1)}", drawn)


def _height(count: int, top: int, room: float) -> float:
    """In proportion; one of many is still seen."""
    return round(max(2.0, count / top * room), 1) if count else 0


def _svg(name: str, title: str, description: str, box: str, drawn: SafeString, *, kind: str = "") -> SafeString:
    return format_html(
        '<svg class="chart {kind}" viewBox="{box}" width="100%" role="img" aria-labelledby="{name}-title {name}-desc">'
        '<title id="{name}-title">{title}</title><desc id="{name}-desc">{description}</desc>{drawn}</svg>',
        kind=kind,
        box=box,
        name=name,
        title=title,
        description=description,
        drawn=drawn,
    )
