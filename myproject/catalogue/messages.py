"""Tell which error message a line is, and which pages have it."""

from collections import defaultdict
from collections.abc import Iterable

from myproject.catalogue.fulltext import FullText
from myproject.catalogue.patterns import Pattern
from myproject.catalogue.queries import EXCEPTION, Query, message_key

SAME = 0.45  # of a message's full score: this message it is
ASIDE = 1.5  # times as many words, and a question that holds a message is about something else


class Messages:
    """The messages and symptoms of patterns, each with the numbers of those that have it."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self.pages_of: defaultdict[str, set[int]] = defaultdict(set)
        messages_of: defaultdict[str, set[str]] = defaultdict(set)
        for number, pattern in enumerate(patterns):
            for message in [*pattern.messages, *pattern.symptoms]:
                key = message_key(message)
                self.pages_of[key].add(number)
                if found := EXCEPTION.match(message):
                    messages_of[found[1].lower()].add(key)
        # An exception that always says the same stands for what it says.
        for exception, keys in messages_of.items():
            if len(keys) == 1:
                self.pages_of[exception] |= self.pages_of[keys.pop()]
        self.keys = list(self.pages_of)
        self.texts = FullText({"messages": ("text",)})
        for row, key in enumerate(self.keys):
            self.texts.insert("messages", row, key.split())
        # What each scores when it is searched itself: the most it can.
        self.full = [self.scores(key.split())[row] for row, key in enumerate(self.keys)]

    def scores(self, line: list[str]) -> dict[int, float]:
        """Return a score for each message that has anything of a line."""
        return self.texts.scores("messages", line, pairs=True)

    def rank(self, query: Query) -> tuple[set[int], dict[int, float]]:
        """Return the pages of the message that this is, if it is one, and a score for each page."""
        same: set[int] = set()
        best = 0.0
        pages: defaultdict[int, float] = defaultdict(float)
        for line in query.messages:
            for row, score in self.scores(line).items():
                share = score / self.full[row]
                score *= share  # half a message tells less than a quarter
                found = self.pages_of[self.keys[row]]
                is_meant = query.is_error or len(line) <= ASIDE * len(self.keys[row].split())
                if is_meant and share >= SAME and score > best:
                    best, same = score, found
                for page in found:
                    pages[page] = max(pages[page], score)
        return same, pages
