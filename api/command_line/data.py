"""``antmill data``: the public sets of instances, where they are and where they come from."""

from pathlib import Path
from typing import Annotated

import typer


def data(
    folder: Annotated[
        Path | None,
        typer.Option("--data", metavar="DIR", help="their folder; by default $ANTMILL_DATA"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> int:
    """List the public sets of instances: what is here, whose it is, and where to download it."""
    from api.command_line.errors import FEASIBLE
    from api.command_line.summary import show
    from instances.catalogue import CARBON_INTENSITY, CATALOGUE, DAY_AHEAD, data_folder
    from instances.json_layout import dump

    chosen = folder or data_folder()
    rows = [
        {
            "name": public.name,
            "title": public.title,
            "files": len(public.files(chosen)),
            "folder": str(chosen / public.folder / public.pattern),
            "objective": public.objective,
            "source": public.source,
            "licence": public.licence,
        }
        for public in (*CATALOGUE.values(), DAY_AHEAD, CARBON_INTENSITY)
    ]
    if as_json:
        show([dump(rows).rstrip()])
        return FEASIBLE
    for row in rows:
        found = f"{row['files']} files" if row["files"] else "not here"
        show(
            [
                f"{row['name']}: {row['title']}",
                f"  {found}: {row['folder']}",
                f"  measured: {row['objective']}",
                f"  source: {row['source']}",
                f"  licence: {row['licence']}",
            ]
        )
    show(["None is shipped. Download them from their sources into these folders."])
    return FEASIBLE
