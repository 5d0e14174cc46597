"""Clients that post keyed jobs until somebody answers, and replay the keys."""

import json
import random
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any

from api.demo import document

TRIES_AGAIN = (urllib.error.URLError, ConnectionError, TimeoutError, OSError)


def call(url: str, body: Any = None, key: str | None = None, seconds: float = 10) -> Any:
    """Return the JSON that answers a GET, or a POST of ``body``."""
    headers = {"Content-Type": "application/json"} | ({"Idempotency-Key": key} if key else {})
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers)
    with urllib.request.urlopen(request, timeout=seconds) as answer:
        return json.load(answer)


def request(solver: str, seconds: float) -> dict[str, Any]:
    """Return a small job."""
    problem = document("bar-small")
    return {"problem": problem, "solver": solver, "termination": {"time_s": seconds}}


@dataclass
class Poster(threading.Thread):
    """Posts one job after the other, each under a key of its own, and now and then one again.

    search: s of a slow job. answers: by key, the first answer. faults: replays that were answered
    otherwise.
    """

    url: str
    number: int
    seed: int
    search: float = 0.3
    pause: float = 0.4
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    replays: int = 0

    def __post_init__(self) -> None:
        super().__init__(name=f"poster-{self.number}", daemon=True)
        self.random = random.Random(f"{self.seed}/{self.number}")
        self.over = threading.Event()
        self.requests: dict[str, dict[str, Any]] = {}

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        """Post until told to end; a post that is not answered is posted again."""
        while not self.over.wait(self.random.uniform(0, 2 * self.pause)):
            key = f"key-{self.number}-{len(self.answers)}"
            if self.answers and self.random.random() < 0.25:
                key = self.random.choice(list(self.answers))
            elif key not in self.requests:
                solver = self.random.choice(("stub", "stub", "stub", "slow"))
                self.requests[key] = request(solver, self.search)
            self._post(key)

    def replay_all(self) -> None:
        """Post every key once more, also those that nobody answered."""
        for key in list(self.requests):
            self._post(key)

    def _post(self, key: str) -> None:
        try:
            answer = call(f"{self.url}/v1/jobs", self.requests[key], key)
        except TRIES_AGAIN:
            return
        first = self.answers.setdefault(key, answer)
        self.replays += first is not answer
        if first != answer:
            self.faults.append(f"{key} was answered {first['id']}, then {answer['id']}")
