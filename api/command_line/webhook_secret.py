"""``antmill webhook-secret``: what a mill's receivers of webhooks check signatures with."""

from typing import Annotated

import typer


def webhook_secret(
    mill: Annotated[str, typer.Option(help="the mill whose webhooks are signed")] = "default",
    new: Annotated[
        bool, typer.Option("--new", help="make a secret for ANTMILL_WEBHOOK_SECRET instead")
    ] = False,
) -> int:
    """Print a mill's webhook secrets, for its receivers; made from ANTMILL_WEBHOOK_SECRET."""
    from api.command_line.administration import make_webhook_secret, show_webhook_secrets

    return make_webhook_secret() if new else show_webhook_secrets(mill)
