"""Read a problem file of any known format; the format is detected from the content.

A new format is one module with ``matches(text)`` and ``read(text, name)`` and one line in READERS.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from instances import (
    cutting_stock,
    galvanizing,
    heat_treatment,
    mill_json,
    slab_design,
    tardiness_setups,
    tsplib,
)
from instances.text import BadInstance, text_of


@dataclass(frozen=True, slots=True)
class Reader:
    """One file format: its name, whether a text looks like it, and how to read it.

    ``read(text, name)`` returns the problem or raises BadInstance (or the problem's ValueError).
    """

    name: str
    matches: Callable[[str], bool]
    read: Callable[[str, str], Any]


READERS: tuple[Reader, ...] = (
    Reader("mill_json", mill_json.matches, mill_json.read),
    Reader("tardiness_setups", tardiness_setups.matches, tardiness_setups.read),
    Reader("heat_treatment", heat_treatment.matches, heat_treatment.read),
    Reader("slab_design_json", slab_design.matches_json, slab_design.read_json),
    Reader("slab_design_text", slab_design.matches_text, slab_design.read_text),
    Reader("galvanizing", galvanizing.matches, galvanizing.read),
    Reader("tsplib_atsp", tsplib.matches_atsp, tsplib.read_atsp),
    Reader("tsplib_sop", tsplib.matches_sop, tsplib.read_sop),
    Reader("cutting_stock", cutting_stock.matches, cutting_stock.read),
)


def read_text(text: str, name: str, reader: str | None = None) -> Any:
    """Return the problem that ``text`` holds, read by ``reader`` or by the first that matches."""
    for known in READERS:
        if reader == known.name or (reader is None and known.matches(text)):
            return known.read(text, name)
    names = ", ".join(known.name for known in READERS)
    if reader is not None:
        raise BadInstance(f"{name}: unknown format '{reader}', known are: {names}")
    raise BadInstance(f"{name}: of no known format ({names}); name one if you know which it is")


def read_file(path: Path, reader: str | None = None) -> Any:
    """Return the problem in the file at ``path``; its name is the file's, without ending."""
    try:
        text = text_of(path.read_bytes())
    except OSError as error:
        raise BadInstance(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadInstance(f"{path}: byte {error.start} is not UTF-8 text") from error
    return read_text(text, path.stem, reader)
