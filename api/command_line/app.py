"""The table of commands."""

import typer

from api.command_line.backup import backup, restore
from api.command_line.benchmark import benchmark
from api.command_line.convert import convert
from api.command_line.data import data
from api.command_line.evaluate import evaluate
from api.command_line.generate import generate
from api.command_line.keys import keys
from api.command_line.schema import schema
from api.command_line.serve import serve
from api.command_line.solve import solve
from api.command_line.warm_up import warm_up
from api.command_line.webhook_secret import webhook_secret

COMMANDS = (
    solve,
    evaluate,
    generate,
    convert,
    schema,
    data,
    benchmark,
    serve,
    backup,
    restore,
    webhook_secret,
    warm_up,
)

app = typer.Typer(
    name="antmill",
    help="Production scheduler for steel rolling mills, and solver of its two cores.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in COMMANDS:
    app.command(command.__name__.replace("_", "-"))(command)
app.add_typer(keys, name="keys")


@app.callback(invoke_without_command=True)
def antmill(
    version: bool = typer.Option(False, "--version", help="print the versions and exit"),
) -> None:
    """Plan a steel rolling mill: cut plan, lots, sequence and start times together."""
    if version:
        from api.command_line.summary import show
        from solvers.versions import versions

        show([f"{name} {number}" for name, number in versions().items()])
        raise typer.Exit(0)
