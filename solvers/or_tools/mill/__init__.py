"""CP-SAT on the full mill model.

**Candidates** (`candidates`, `choice`). The model is given candidate lots; each takes one of its
contents (cuts in rolling order) at one of its starts, or is left out. Cut plan, lots, sequence,
groove changes, lines and times are decided together. Two ways to make candidates:

- *Complete*, for tiny books: on every line and for every grade and section as many lots as there
  are billets; each may take any number of billets of any stock row in any pattern with at least
  one piece, also patterns that leave room (a piece more can make an order later). The model then
  covers all **gridded plans**: lots of one cut that start on the grid (the finest of
  `choice.GRIDS`). A plan off the grid may be a little cheaper, so the model's bound bounds
  gridded plans only and is never reported as the problem's.
- *Windows* of a known plan, for larger books: a few neighbouring lots are free to become
  themselves, halves, merged or newly cut lots, in any sequence, at the instants at which their
  line may be ready for them, or later on a coarse grid. All other lots are kept. Windows are
  searched one after another.

**Options** (`options`). What a content costs at a start - end, seconds, gas, electricity, CO2 and
its orders' times - is read off the evaluator's own kernels, which walk all options at once.
Options that break a rule by themselves (closures, stock not there yet, release, deadline, ...)
are dropped.

**Sequence** (`sequence`). A circuit per line with optional lots. ``advance`` over closures
becomes linear in the open seconds before an instant. Groove changes are one literal a lot.

**State** (`state`). Groove wear, campaign mass, family runs and lot numbers are passed along
arcs.

**Objective** (`objective`). The evaluator's terms with the evaluator's floors. Coefficients keep
their whole quotients; one small variable a term takes the carry of the remainders. So the
objective *is* the cost of the plan, to the last 1/10 000, also for plans that are not optimal;
every plan taken is checked against the evaluator.

A complete model runs in a process of its own (`solvers.or_tools.cp_sat_process`) and can be
killed at any moment; windows are small and have a deterministic limit. With one worker the same
seed gives the same plans.
"""
