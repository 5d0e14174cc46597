"""How many more jobs there may be, without counting all that are there at every post."""

from collections.abc import Callable


class Room:
    """Remembers how many jobs may certainly be added before they must be counted again.

    Jobs end and are deleted, which only makes more room. So it holds wherever all jobs are added
    by one process; where others add too (``shared``) they are counted every time.
    """

    most_names = 10_000

    def __init__(self, *, shared: bool) -> None:
        self.shared = shared
        self._left: dict[str, int] = {}

    def take(self, name: str, most: int, count: Callable[[], int]) -> int | None:
        """Return None where one more fits to the jobs of ``name``, else how many there are."""
        left = self._left.get(name, 0)
        if left <= 0 or self.shared:
            if len(self._left) >= self.most_names:
                self._left.clear()
            there = count()
            left = most - there
            if left <= 0:
                return there
        self._left[name] = left - 1
        return None
