"""What is read of a posted body: functions of settings and body, the same in any process."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from api.errors import Problem, issue_document
from api.planning.books import Book, TableForm, book_of_table
from api.planning.problems import (
    Tree,
    quick_problem,
    read_problem,
    stored_tree,
    summary,
)
from api.reading.checks import check_request, check_weights, fitting
from api.reading.quick_job import quick_job
from api.settings import Settings
from api.store.documents import Document, Origin, packed
from api.wire.body import Body, read_json, read_model
from api.wire.jobs import JobRequest
from api.wire.sizes import check_count, check_size
from instances.fields.quick import Doubt
from scheduler.issues import InvalidInput, Issue
from scheduler.mill import MillProblem


class NewBook(NamedTuple):
    """A sound order book, as the store takes it in."""

    name: str
    summary: dict[str, Any]
    issues: list[dict[str, Any]]
    body: bytes
    origin: str

    @classmethod
    def of(cls, book: Book, origin: str) -> "NewBook":
        """Return what the store keeps of ``book``."""
        issues = [issue_document(issue) for issue in book.warnings]
        problem = book.problem
        return cls(problem.name, summary(problem), issues, packed(book.text), origin)

    @classmethod
    def revised(cls, book: Book) -> "NewBook":
        """Return the book of a revision, which no list of order books shows."""
        return cls.of(book, Origin.REVISED)

    @property
    def document(self) -> Document:
        """The problem as the store will hold it."""
        return Document(self.body, self.origin == Origin.INLINE)


class JobRead(NamedTuple):
    """A job request: what the store keeps of it, and its book, or the id of a stored one."""

    request: dict[str, Any]
    freeze_until: datetime | None
    book: NewBook | str


def read_job(settings: Settings, body: Body) -> JobRead:
    """Return what a posted job asks for; raise Problem where it cannot be taken."""
    try:
        asked, problem = quick_job(settings, body.raw)
    except (Doubt, Problem, ValueError):
        asked = _request(settings, read_json(body))
        problem = None if asked.problem is None else _problem(asked.problem)
    if problem is None:
        assert asked.order_book is not None
        return JobRead(asked.stored(), asked.freeze_until, asked.order_book)
    check_count(settings, len(problem[0].orders), "/problem")
    fitting(asked.solver, problem[0])
    if asked.weights is not None:
        check_weights(problem[0], asked.weights)
    book = NewBook.of(Book(*problem, body.text), Origin.INLINE)
    return JobRead(asked.stored(), asked.freeze_until, book)


def _request(settings: Settings, tree: Tree) -> JobRequest:
    asked = read_model(JobRequest, tree, raw_members=("problem",))
    check_request(settings, asked)
    if asked.problem is not None:
        check_size(settings, asked.problem, "/problem")
    return asked


def _problem(tree: Tree) -> tuple[MillProblem, tuple[Issue, ...]]:
    try:
        return read_problem(tree)
    except InvalidInput as error:
        raise Problem.of(error, at="/problem") from error


def read_book(settings: Settings, body: Body) -> NewBook:
    """Return the order book of a posted problem file; raise Problem or InvalidInput."""
    try:
        found = quick_problem(body.raw)
    except Doubt:
        tree = read_json(body)
        check_size(settings, tree)
        found = read_problem(tree)
    check_count(settings, len(found[0].orders))
    return NewBook.of(Book(*found, body.text), Origin.POSTED)


def read_table(_: Settings, body: Body, plant: Document, form: TableForm, name: str) -> NewBook:
    """Return the order book of a posted table of orders; raise Problem or InvalidInput."""
    return NewBook.of(book_of_table(body.raw, stored_tree(plant), form, name), Origin.POSTED)


TASKS: dict[str, Callable[..., Any]] = {
    "read_job": read_job,
    "read_book": read_book,
    "read_table": read_table,
}
