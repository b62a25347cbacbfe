"""Rank the patterns by a question, a word, or an error message as people paste it.

A line that looks like an error is compared with every message that a page names; what stands
around it decides between pages that have the same message. Little need be cut out of what is
pasted, because words that no page has count for nothing.
"""

from dataclasses import dataclass
from difflib import get_close_matches
from threading import Lock

from myproject.catalogue.fulltext import FullText
from myproject.catalogue.groups import HERE
from myproject.catalogue.messages import Messages
from myproject.catalogue.patterns import Pattern
from myproject.catalogue.queries import Query, terms

# What a page's texts are: their columns, with weights, and how much they count. Short texts stand
# apart from long ones, because a word counts for less in a long row.
TEXTS = {
    "names": ({"text": 1.0}, 1.5),
    "pages": ({"tests": 2.0, "prose": 2.0, "cure": 1.0}, 1.0),
    "code": ({"text": 1.0}, 0.2),
}
MESSAGE_IN_ERROR, MESSAGE_IN_QUESTION = 1.0, 0.3
CURE_FOR_HOW_TO = 0.7  # pages that show how to test answer that better than those that cure
ABOUT_THIS_REPOSITORY = 0.6  # pages that nobody else needs
NEAR, SHOWN = 0.25, 3  # a page is shown for this part of the best score; so many are at least


@dataclass
class Found:
    """What a search has found.

    Attributes:
        patterns: The best first.
        causes: Those that have the message that was searched, if there are several: they are first.
    """

    patterns: list[Pattern]
    causes: list[Pattern]

    @property
    def others(self) -> list[Pattern]:
        """What comes after the causes."""
        return self.patterns[len(self.causes) :]


class Index:
    """A full-text index of patterns. A pattern's number is its row."""

    def __init__(self, patterns: list[Pattern]) -> None:
        self.patterns = patterns
        self.messages = Messages(patterns)
        self.texts = FullText({table: columns for table, (columns, _) in TEXTS.items()})
        self.vocabulary: set[str] = set()
        self.lock = Lock()
        for number, pattern in enumerate(patterns):
            self.add(number, pattern)

    def add(self, number: int, pattern: Pattern) -> None:
        """Add a pattern's texts."""
        name = terms(f"{pattern.name} {pattern.slug}")
        tests, prose = terms(" ".join(pattern.behaviours)), terms(pattern.prose)
        # A message in three versions says one thing.
        cure = dict.fromkeys(terms(" ".join(pattern.fields.values())))
        code = terms(" ".join(source.text for source in [pattern.test, *pattern.code]))
        self.texts.insert("names", number, name)
        self.texts.insert("pages", number, tests, prose, cure)
        self.texts.insert("code", number, code)
        self.vocabulary.update(name, tests, prose, cure)

    def search(self, text: str) -> Found:
        """Return what comes near, the best first."""
        query = Query(text, self.spelt)
        with self.lock:  # several threads may search
            same, messages = self.messages.rank(query)
            total = self.rank(query, messages)
        ranked = sorted(total, key=lambda number: -total[number])
        causes = [number for number in ranked if number in same] if len(same) > 1 else []
        others = [number for number in ranked if number not in causes]
        near = [
            number
            for place, number in enumerate(others)
            if place < SHOWN or total[number] >= NEAR * total[ranked[0]]
        ]
        return Found(
            [self.patterns[number] for number in [*causes, *near]],
            [self.patterns[number] for number in causes],
        )

    def rank(self, query: Query, messages: dict[int, float]) -> dict[int, float]:
        """Return a score for each page that has anything of the query."""
        of_message = MESSAGE_IN_ERROR if query.is_error else MESSAGE_IN_QUESTION
        total = {page: of_message * score for page, score in messages.items()}
        for words, weight in query.parts:
            for table, (columns, counts) in TEXTS.items():
                scores = self.texts.scores(
                    table, words, weights=columns.values(), pairs=query.is_error
                )
                for page, score in scores.items():
                    total[page] = total.get(page, 0.0) + weight * counts * score
        for page in total:
            if query.is_how_to and self.patterns[page].leads:
                total[page] *= CURE_FOR_HOW_TO
            if self.patterns[page].group == HERE:
                total[page] *= ABOUT_THIS_REPOSITORY
        return total

    def spelt(self, word: str) -> str:
        """Return a word as the pages spell it; one that is only begun, with a star and an end.

        The star alone would not find ``transaction`` by ``transactio``: it is indexed by its stem,
        ``transact``.
        """
        if word in self.vocabulary:
            return word
        begun = (known for known in self.vocabulary if known.startswith(word))
        if end := min(begun, default=""):
            return f"{word}* {end}"
        return (get_close_matches(word, self.vocabulary, n=1, cutoff=0.84) or [word])[0]
