"""SQLite's full-text search, in memory: which rows have any of these words, and how well.

It ranks by BM25: a rare word (``ais_valid``) counts for much, a common one (``async``) for little,
and one that no row has, such as the name of your model, for nothing. Words are stemmed.
"""

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from itertools import pairwise
from weakref import finalize


class FullText:
    """Tables of words. One thread at a time may use them, whichever it is."""

    def __init__(self, tables: Mapping[str, Collection[str]]) -> None:
        self.tables = tables
        self.db = sqlite3.connect(":memory:", check_same_thread=False)
        finalize(self, self.db.close)  # since Python 3.13, one that is only dropped warns
        for table, columns in tables.items():
            names = ", ".join(columns)
            self.db.execute(f"CREATE VIRTUAL TABLE {table} USING fts5({names}, tokenize=porter)")

    def insert(self, table: str, number: int, *texts: Iterable[str]) -> None:
        """Insert a row: a number, and words for each column."""
        names = ", ".join(self.tables[table])
        values = ", ?" * len(texts)
        self.db.execute(
            f"INSERT INTO {table} (rowid, {names}) VALUES (?{values})",  # noqa: S608 - our own names
            [number, *(" ".join(text) for text in texts)],
        )

    def scores(
        self, table: str, words: list[str], *, weights: Iterable[float] = (), pairs: bool = False
    ) -> dict[int, float]:
        """Return a score for each row that has any of the words.

        Args:
            table: Where to look.
            words: What to look for; with a star at its end, a word that is only begun.
            weights: What the columns count, if not all the same.
            pairs: Whether words that follow each other count once more where they do so in a row.
        """
        if not words:
            return {}
        wanted = [f'"{word.removesuffix("*")}"' + "*" * word.endswith("*") for word in words]
        if pairs:
            wanted += [f'"{one} {two}"' for one, two in pairwise(words)]
        rank = ", ".join(map(str, [table, *weights]))
        rows = self.db.execute(
            f"SELECT rowid, -bm25({rank}) FROM {table} WHERE {table} MATCH ?",  # noqa: S608 - our own names
            [" OR ".join(dict.fromkeys(wanted))],
        )
        return dict(rows.fetchall())
