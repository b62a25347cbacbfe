"""How often somebody may do something: a token bucket."""

import time
from collections.abc import Callable


class TokenBucket:
    """Holds ``burst`` tokens, and gains ``rate`` a second.

    Counts for whoever holds it: one socket, say. Who opens many sockets has many; limit those
    where addresses are known, at the proxy.
    """

    def __init__(
        self, rate: float, burst: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.rate, self.burst, self.clock = rate, burst, clock
        self.tokens: float = burst
        self.counted = clock()

    def take(self) -> float:
        """Take a token and return 0; or take none, and return the seconds until there is one."""
        now = self.clock()
        self.tokens = min(self.burst, self.tokens + (now - self.counted) * self.rate)
        self.counted = now
        if self.tokens < 1:
            return (1 - self.tokens) / self.rate
        self.tokens -= 1
        return 0.0
