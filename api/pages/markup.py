"""SVG and HTML as strings, with the type checker watching that every text is escaped.

Whatever stands in an order book (an id, a name) may be hostile. ``Markup`` is only made here: text
goes through ``text``, attributes through ``tag``, so nothing unescaped reaches a page.
"""

import json
import re
from typing import Any, NewType

Markup = NewType("Markup", str)

NOTHING = Markup("")
VOID = frozenset({"br", "col", "input", "link", "meta"})

# XML 1.0 cannot carry these at all, not even escaped; JSON books can.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def text(value: object) -> Markup:
    """Return ``value`` as escaped text; characters that XML cannot carry become U+FFFD."""
    clean = _FORBIDDEN.sub("\ufffd", str(value))
    for character, entity in (("&", "amp"), ("<", "lt"), (">", "gt"), ('"', "quot"), ("'", "#39")):
        clean = clean.replace(character, f"&{entity};")
    return Markup(clean)


def number(value: float) -> str:
    """Return a coordinate with at most one decimal: enough for a screen, small in the file."""
    return f"{value:.1f}".removesuffix(".0")


def tag(name: str, /, *children: Markup, **attributes: Any) -> Markup:
    """Return an element; ``class_`` becomes ``class``, ``data_a`` ``data-a``; None is left out."""
    opening = [name]
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        label = key.rstrip("_").replace("_", "-")
        if value is True:
            opening.append(label)
            continue
        shown = number(value) if isinstance(value, float) else value
        opening.append(f'{label}="{text(shown)}"')
    if name in VOID:
        return Markup(f"<{' '.join(opening)}>")
    if not children:
        return Markup(f"<{' '.join(opening)}></{name}>")
    return Markup(f"<{' '.join(opening)}>{''.join(children)}</{name}>")


def join(parts: "list[Markup] | tuple[Markup, ...]", between: str = "") -> Markup:
    """Return the parts in a row, ``between`` (plain characters of ours) between them."""
    return Markup(between.join(parts))


def data_block(identifier: str, value: Any) -> Markup:
    """Return JSON that scripts of the page read and no browser runs, whatever the texts hold."""
    safe = json.dumps(value, separators=(",", ":"))
    for character in "<>&":
        safe = safe.replace(character, f"\\u{ord(character):04x}")
    return Markup(f'<script type="application/json" id="{text(identifier)}">{safe}</script>')
