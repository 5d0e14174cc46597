"""How our JSON files are laid out: a row of a list a line, so that people can edit and compare."""

import json
from typing import Any

WIDTH = 100


def dump(tree: Any) -> str:
    """Return ``tree`` as JSON text; what fits on a line stays on one."""
    return _text(tree, "") + "\n"


def _text(tree: Any, indent: str) -> str:
    flat = json.dumps(tree, ensure_ascii=False, allow_nan=False)
    rows = tree if isinstance(tree, list) else list(tree.values()) if isinstance(tree, dict) else []
    nested = any(isinstance(row, dict | list) and row for row in rows)
    if not rows or (len(indent) + len(flat) <= WIDTH) or not (nested or isinstance(tree, dict)):
        return flat
    inner = indent + " "
    if isinstance(tree, list):
        return _block("[]", [_row(row, inner) for row in tree], indent)
    items = [f"{json.dumps(key, ensure_ascii=False)}: {_text(tree[key], inner)}" for key in tree]
    return _block("{}", items, indent)


def _row(row: Any, indent: str) -> str:
    """Return an element of a list on one line, unless it holds rows itself."""
    holds_rows = isinstance(row, dict) and any(
        isinstance(part, list) and part and isinstance(part[0], dict) for part in row.values()
    )
    return _text(row, indent) if holds_rows else json.dumps(row, ensure_ascii=False)


def _block(brackets: str, items: list[str], indent: str) -> str:
    separator = f",\n{indent} "
    return f"{brackets[0]}\n{indent} {separator.join(items)}\n{indent}{brackets[1]}"
