"""Checks of a mill problem, grouped by what they look at; ``scheduler.validation`` runs them."""
