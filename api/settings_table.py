"""The table of settings in ``docs/operations.md``, made from the settings themselves."""

from pydantic.fields import FieldInfo

from api.settings import Settings

BEGIN, END = "<!-- settings: begin -->", "<!-- settings: end -->"
DERIVED = {
    "default_slots": "cores - 1, at least 1",
    "default_readers": "cores / 2, 2 to 4, at most cores",
}


def table() -> str:
    """Return the Markdown table of all settings, between its two marks."""
    rows = [_row(name, field) for name, field in Settings.model_fields.items()]
    head = ["| variable | default | meaning |", "|---|---|---|"]
    return "\n".join([BEGIN, *head, *rows, END])


def _row(name: str, field: FieldInfo) -> str:
    made = getattr(field.default_factory, "__name__", "")
    default = DERIVED.get(made, field.default)
    shown = f"`{default}`" if str(default) else ""
    return f"| `ANTMILL_{name.upper()}` | {shown} | {field.description} |"


if __name__ == "__main__":
    import sys

    sys.stdout.write(table() + "\n")
