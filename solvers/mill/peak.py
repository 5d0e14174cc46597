"""A power cap for the peak's sake: where the peak is dear, a plan below a lower cap costs less.

The decoder keeps caps, but the peak's money hangs on one quarter hour, which no change of one place
lowers. So a search of a book with a dear peak keeps a cap, and lowers it as long as that pays.
"""

from dataclasses import replace

from scheduler.arrays import FAR, IntArray
from scheduler.costs import POWER_SLOT
from scheduler.evaluation import evaluate
from scheduler.mill import MONEY
from solvers.mill.catalogue import Catalogue
from solvers.mill.decoding import Decoder, decoder_of

WORTH = 100
"""A peak is dear from one part in so many of the plan's cost on: waits make a search slower."""

LOWER = 98
"""A lower cap that is tried, in hundredths of the present one."""


def decoder_for_peak(decoder: Decoder, genes: IntArray) -> Decoder:
    """Return the decoder, below a cap at the peak of ``genes`` where that is dear."""
    book = decoder.catalogue.book
    score = evaluate(book.problem, decoder.schedule(genes))
    peak = score.terms["peak"]
    if peak.money <= 0 or peak.money * WORTH < score.cost * MONEY:
        return decoder
    cap = min(peak.amount, cap_of(decoder))
    tariff = replace(book.problem.tariff, power_cap=cap)
    capped = replace(book, problem=replace(book.problem, tariff=tariff))
    return with_cap(decoder_of(replace(decoder.catalogue, book=capped)), cap)


def with_cap(decoder: Decoder, cap: int) -> Decoder:
    """Return a decoder that keeps power caps with another cap (W) of all lines together."""
    book, blocks = decoder.catalogue.book, decoder.catalogue.blocks
    mill = book.mill._replace(tariff=book.mill.tariff._replace(power_cap=cap))
    return replace(decoder, catalogue=Catalogue(replace(book, mill=mill), blocks))


def below_lower_cap(decoder: Decoder, genes: IntArray, money: int) -> tuple[Decoder, int]:
    """Return the decoder below the lowest cap that pays, and the money of ``genes`` there.

    ``money`` is theirs with ``decoder``. A cap pays while the peak becomes cheaper by more than
    what is kept from rolling costs, and never below what frozen lots draw already.
    """
    tariff, frozen = decoder.catalogue.book.mill.tariff, frozen_peak(decoder)
    while tariff.peak and frozen < tariff.power_cap < FAR:
        cap = max(frozen, tariff.power_cap * LOWER // 100)
        lower = with_cap(decoder, cap)
        cost = lower.money(genes, lower.workspace(len(genes)))
        if cost - money >= (tariff.power_cap - cap) * tariff.peak // 1000:
            break
        decoder, money, tariff = lower, cost, lower.catalogue.book.mill.tariff
    return decoder, money


def frozen_peak(decoder: Decoder) -> int:
    """Return the highest mean power (W) of a slot that frozen lots draw."""
    return int(decoder.power.sum(axis=0).max(initial=0)) // POWER_SLOT


def cap_of(decoder: Decoder) -> int:
    """Return the cap (W) of all lines together, FAR without one."""
    return int(decoder.catalogue.book.mill.tariff.power_cap)


def cap_money(decoder: Decoder) -> int:
    """Return the money of a peak at the cap; 0 without one."""
    cap, peak = cap_of(decoder), decoder.catalogue.book.mill.tariff.peak
    return 0 if cap >= FAR else int(cap * peak // 1000)
