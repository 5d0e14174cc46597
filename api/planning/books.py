"""Order books as they come: a problem file, or a table of orders for a plant that is known."""

from dataclasses import dataclass

from api.planning.problems import Tree, read_problem, stored_problem
from api.store.documents import Document
from instances import mill_json
from instances.order_book import (
    TableForm,
    from_table,
    orders_csv,
    orders_xlsx,
    template_csv,
    template_xlsx,
)
from scheduler.issues import Issue
from scheduler.mill import MillProblem
from scheduler.validation import check


@dataclass(frozen=True, slots=True)
class Book:
    """A readable order book: the problem, its doubtful parts, and its text as a problem file."""

    problem: MillProblem
    warnings: tuple[Issue, ...]
    text: str


def book_of_file(tree: Tree, text: str) -> Book:
    """Return the book of a problem file; raise InvalidInput with every fault."""
    problem, warnings = read_problem(tree)
    return Book(problem, warnings, text)


def book_of_table(data: bytes, plant: Tree, form: TableForm, name: str) -> Book:
    """Return the book of a table of orders; raise InvalidInput, faults with row and column."""
    problem = from_table(data, plant, form, name)
    return book_of_problem(problem)


def book_of_problem(problem: MillProblem) -> Book:
    """Return the book of a problem that was checked; raise InvalidInput where it was not sound."""
    return Book(problem, check(problem), mill_json.write(problem))


def orders_table(document: Document, form: str) -> str | bytes:
    """Return the orders of a stored book as a table: ``csv`` or ``xlsx``."""
    problem = stored_problem(document)
    return orders_csv(problem) if form == "csv" else orders_xlsx(problem)


__all__ = [
    "Book",
    "TableForm",
    "book_of_file",
    "book_of_table",
    "orders_table",
    "template_csv",
    "template_xlsx",
]
