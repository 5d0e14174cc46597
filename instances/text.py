"""What the readers share: a file's text, the one error they raise, and rows of whole numbers."""

from collections.abc import Iterator

LARGEST_NUMBER = 10**15


class BadInstance(ValueError):
    """An instance file that cannot be read; the message names the file, the place and the value."""


def text_of(data: bytes) -> str:
    """Return UTF-8 text without the byte order mark of Windows, its lines ended alike."""
    text = data.decode("utf-8").removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def integer_rows(text: str, name: str) -> Iterator[tuple[int, list[int]]]:
    """Yield (line number from 1, its whole numbers) of every line that is not blank.

    Raises
    ------
    BadInstance
        Where a word is not a whole number or is larger than 10^15 in magnitude.
    """
    for number, line in enumerate(text.splitlines(), start=1):
        if words := line.split():
            yield number, [_integer(word, f"{name}: line {number}") for word in words]


def _integer(word: str, where: str) -> int:
    shown = word if len(word) <= 40 else word[:40] + "..."
    if not word.lstrip("+-").isdecimal() or not word.isascii() or len(word) > 40:
        raise BadInstance(f"{where}: '{shown}' is not a whole number")
    try:
        value = int(word)
    except ValueError as error:
        raise BadInstance(f"{where}: '{shown}' is not a whole number") from error
    if abs(value) > LARGEST_NUMBER:
        raise BadInstance(f"{where}: {shown} is out of range, at most {LARGEST_NUMBER} is read")
    return value
