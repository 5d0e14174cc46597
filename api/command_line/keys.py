"""``antmill keys``: API keys made, listed and revoked on the machine itself."""

from typing import Annotated

import typer

keys = typer.Typer(help="Make, list and revoke API keys of the service.", no_args_is_help=True)
Database = Annotated[str | None, typer.Option(metavar="FILE|URL", help="by default antmill.db")]


@keys.command()
def add(
    name: Annotated[str, typer.Argument(help="for the records, such as 'mes line 1'")],
    role: Annotated[str, typer.Option(help="viewer, planner, mes or admin")] = "planner",
    mill: Annotated[str, typer.Option(help="the mill whose objects it sees")] = "default",
    release: Annotated[bool, typer.Option("--release", help="may release plans")] = False,
    days: Annotated[float, typer.Option(min=0.01, max=3650, help="until it expires")] = 365,
    database: Database = None,
) -> int:
    """Make a key and print it; it is never shown again."""
    from api.command_line.administration import add_key

    return add_key(database, name=name, role=role, mill=mill, release=release, days=days)


@keys.command("list")
def list_keys(
    mill: Annotated[str, typer.Option(help="the mill")] = "default", database: Database = None
) -> int:
    """List a mill's keys, without their secrets."""
    from api.command_line.administration import show_keys

    return show_keys(database, mill)


@keys.command()
def revoke(
    key: Annotated[str, typer.Argument(help="id of the key, key-...")],
    mill: Annotated[str, typer.Option(help="the mill")] = "default",
    database: Database = None,
) -> int:
    """Revoke a key."""
    from api.command_line.administration import revoke_key

    return revoke_key(database, mill, key)
