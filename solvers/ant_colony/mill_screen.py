"""Which trials are worth decoding: a guess of what each costs more than the base.

To decode a gene exactly takes microseconds, to look up its changeover and its items' due dates
takes nanoseconds, and those two are what most changes fail by.
"""

from scheduler.arrays import IntArray
from scheduler.kernel import inner_kernel, kernel_in_place
from scheduler.walk import END
from solvers.ant_colony.mill_plan import Model, Plan
from solvers.mill.workspace import BLOCK, LINE, LINE_END


@kernel_in_place
def guess(model: Model, plan: Plan, since: int, until: int) -> int:
    """Return about how much money more the trial costs than the base, by changeovers and lateness.

    Each block is taken to roll and wait as long as in the base. Times behind the end of a line in
    the range are not guessed.
    """
    end = until + plan.length[0] - plan.trial_length[0]
    money = changeovers(model, plan.trial, plan.trial_length[0], since, until)
    money -= changeovers(model, plan.genes, plan.length[0], since, end)
    saved, seconds = plan.work.saved, model.hints.seconds
    t, before = saved[since, END], product_at(model, plan.trial, plan.trial_length[0], since - 1)
    for g in range(since, until):
        product = product_at(model, plan.trial, plan.trial_length[0], g)
        if plan.trial[g, BLOCK] == LINE_END:
            return money
        t += seconds[before, product] + rolling(model, plan, plan.trial[g, BLOCK], since)
        money += lateness(model, plan, plan.trial[g, BLOCK], t)
        before = product
    after = product_at(model, plan.genes, plan.length[0], end)
    base = product_at(model, plan.genes, plan.length[0], end - 1)
    delay = t + seconds[before, after] - saved[end, END] - seconds[base, after]
    if delay > 0:
        delay = max(0, delay - plan.tails.slack[end])
    return money + delay * plan.tails.late[end] // 3600


@inner_kernel
def product_at(model: Model, genes: IntArray, length: int, g: int) -> int:
    """Return the row of the hints for gene ``g``."""
    if g < 0 or g >= length or genes[g, BLOCK] == LINE_END:
        return len(model.blocks.product)
    return model.blocks.block[genes[g, BLOCK]].product


@inner_kernel
def changeovers(model: Model, genes: IntArray, length: int, since: int, until: int) -> int:
    """Return the money of the changeovers before genes ``since .. until``."""
    money, before = 0, product_at(model, genes, length, since - 1)
    for g in range(since, until + 1):
        product = product_at(model, genes, length, g)
        money += model.hints.money[before, product]
        before = product
    return money


@inner_kernel
def rolling(model: Model, plan: Plan, block: int, since: int) -> int:
    """Return the seconds that a block of the trial takes but for its changeover."""
    row, saved = model.blocks.block[block], plan.work.saved
    g = plan.place[model.blocks.product[row.product].first_item + row.first]
    if plan.genes[g, BLOCK] != block:
        return 3600 * row.mass // model.hints.rate[saved[since, LINE], row.product]
    before = product_at(model, plan.genes, plan.length[0], g - 1)
    return saved[g + 1, END] - saved[g, END] - model.hints.seconds[before, row.product]


@inner_kernel
def lateness(model: Model, plan: Plan, block: int, t: int) -> int:
    """Return how much more money the lateness of a block's items costs when it ends at ``t``."""
    row, hints, money = model.blocks.block[block], model.hints, 0
    first = model.blocks.product[row.product].first_item + row.first
    for i in range(first, first + row.length):
        base = plan.work.saved[plan.place[i] + 1, END]
        money += hints.hour[i] * (max(0, t - hints.due[i]) - max(0, base - hints.due[i]))
    return money // 3600
