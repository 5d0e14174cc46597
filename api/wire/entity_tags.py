"""Entity tags in conditions of requests (RFC 9110, 8.8.3 and 13.1)."""

import re

TAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
TAGS = re.compile(TAG)
LIST = re.compile(rf"[ \t,]*{TAG}(?:[ \t]*,[ \t,]*{TAG})*[ \t,]*")
LONGEST = 2000
"""Characters of a condition; some thirty tags."""


def if_match(header: str | None, current: str) -> bool:
    """Whether ``If-Match`` lets a request pass: absent, ``*``, or a list that names ``current``.

    Weak tags never match, and neither does what is no list of tags.
    """
    return header is None or header.strip() == "*" or current in _tags(header)


def if_none_match(header: str | None, current: str) -> bool:
    """Whether ``If-None-Match`` lets a request pass: nothing in it names ``current``.

    Tags are compared weakly here, as the RFC says.
    """
    if header is None:
        return True
    named = {tag.removeprefix("W/") for tag in _tags(header)}
    return header.strip() != "*" and current not in named


def _tags(header: str) -> list[str]:
    return TAGS.findall(header) if LIST.fullmatch(header) else []
