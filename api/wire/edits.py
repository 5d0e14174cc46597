"""Advice and hand edits on the wire."""

from typing import Annotated, Any, Literal

from pydantic import Field

from api.wire.instants import Instant
from api.wire.models import Request, Response
from api.wire.revisions import Name
from api.wire.schedules import OrderStoryOut

LotNumber = Annotated[int, Field(ge=1, le=100_000)]


class RecommendRequest(Request):
    """One more order, for which the best place is sought."""

    order: Any = Field(description="an order as in a problem file")
    not_before: Instant | None = Field(
        default=None, description="lots that start earlier stay where they are"
    )
    slots: int = Field(default=5, ge=1, le=20, description="how many to return")


class DelayOut(Response):
    """An order that ends later, after its due date."""

    order: str
    late_min_before: float
    late_min: float


class SlotOut(Response):
    """A place for the order: a lot of its own, number `lot` of `line`."""

    line: str
    lot: int
    start: str
    end: str
    late_min: float = Field(description="of the new order")
    added_cost: float = Field(description="what the plan costs more with the order than without")
    violations: list[str] = Field(description="codes of constraints that it would break")
    delays: list[DelayOut] = Field(description="orders that end later then; the longest 20")
    delays_total: int


class AdviceOut(Response):
    """The best slots, cheapest first."""

    schedule: str
    currency: str
    slots: list[SlotOut]
    places: int = Field(description="places that were tried")
    reasons: list[str] = Field(description="where there is no slot: why")


class NeighbourOut(Response):
    """A lot beside one of the order's, and the change between them."""

    lot: int
    section: str
    grade: str
    change: str = Field(description="what changes; empty where nothing does")
    change_min: float
    change_cost: float = Field(description="of the change and its scrap")


class OrderLotOut(Response):
    """A lot of the order and its neighbours."""

    line: str
    lot: int
    start: str
    end: str
    before: NeighbourOut | None
    after: NeighbourOut | None


class OrderDetailOut(Response):
    """An order's story, what its neighbours cost, and where it could stand instead."""

    schedule: str
    currency: str
    order: OrderStoryOut
    lots: list[OrderLotOut]
    places: list[SlotOut] = Field(
        description="of a late order: where its last lot would make it less late, and what that"
        " costs more than the plan; of one not made: where it could be made, and what the plan"
        " costs more than without it"
    )


class MoveLot(Request):
    """A lot moves before lot `before` of `to_line`, as they are numbered now."""

    type: Literal["move_lot"]
    line: Name
    lot: LotNumber
    to_line: Name | None = Field(default=None, description="its own line by default")
    before: LotNumber = Field(description="one more than the line has: to its end")


class InsertOrder(Request):
    """A new order, or one that is not made, gets a lot of its own."""

    type: Literal["insert_order"]
    order: dict[str, Any] | Name = Field(
        description="an order as in a problem file, or the id of one that the plan does not make"
    )
    line: Name
    lot: LotNumber = Field(description="number of its lot, as `:recommend` tells")


class LockLot(Request):
    """The orders of a lot keep their line, their campaign's position, or their start."""

    type: Literal["lock_lot"]
    line: Name
    lot: LotNumber
    keep: Literal["line", "position", "start"] = "start"


class UnlockOrder(Request):
    """An order is free again."""

    type: Literal["unlock_order"]
    order: Name


Edit = Annotated[MoveLot | InsertOrder | LockLot | UnlockOrder, Field(discriminator="type")]


class EditRequest(Request):
    """Changes by hand, one after the other; together they make the next revision."""

    edits: list[Edit] = Field(min_length=1, max_length=50)
