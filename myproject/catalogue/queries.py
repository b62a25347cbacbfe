"""Read what people paste into a search: a question, an error message, half a traceback."""

import re
from collections.abc import Callable

# What is read of it: nobody waits for a log of a megabyte, and its error is at its end.
CHARACTERS = 20_000
ERROR_LINES = 20
TERMS = 150
SPELT = 12  # words whose spelling is looked after
# How much words count that are looked for in the text of pages. What stands around an error tells
# more than the error itself between pages that have the same message.
IN_QUESTION, IN_ERROR, AROUND_ERROR = 0.5, 0.2, 0.5

STOP_WORDS = frozenset(
    """
    a after an and are as at be before between by can could do does during for from got has have how
    i if in into is it its me my need no not of on or should so than that the then there these this
    to was we what when where which why will with without you your test tests
    file line usr lib home site packages python py venv traceback most recent last self
    """.split()  # noqa: SIM905 - to be read
)
# One spelling for what has several.
SPELLINGS = [
    (re.compile(pattern, re.IGNORECASE), spelling)
    for pattern, spelling in (
        (r"\broll(s|ed|ing)?[ -]backs?\b", "rollback"),
        (r"\blog(s|ged|ging)?[ -]?in\b", "login"),
        (r"\bweb[ -]sockets?\b", "websocket"),
        (r"\b(postgres|psql|pg)\b", "postgresql"),
        (r"\bdb\b", "database"),
        (r"\be-mail", "email"),
    )
]
# A word, or the status of a response.
WORD = re.compile(r"[^\W\d_][^\W_]*|(?<![\w:.])[45]\d\d(?!\w)")
PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
# Addresses, line numbers, what is too long to be meant, and the way to an installed package (the
# rest of its path tells where it happened).
NOISE = re.compile(r"0x[0-9a-fA-F]+|line \d+|\S{200,}|[/\\][^\s\"']{,200}site-packages[/\\]")
ERROR_LINE = re.compile(
    r"\s*E\s{2,}\S|.*\b([A-Z]\w*)?(Error|Exception|Warning|Mismatch|DoesNotExist|Operation|Violation)\b"
)
HOW_TO = re.compile(r"\s*(how (to|do|can|should)|test(s|ed|ing)?)\b", re.IGNORECASE)
EXCEPTION = re.compile(r"\s*(?:E\s+)?(?:FAILED \S+ - )?(?:\w+\.)*([A-Z]\w+): +(?=\S)")


class Query:
    """What somebody looks for.

    Attributes:
        is_error: There is a line in it that looks like an error.
        is_how_to: It asks how to test something.
        messages: The terms of whatever may be a message: a line without the exception's name, and
            that name.
        parts: Terms to look for in the text of pages, and how much they count.
    """

    def __init__(self, text: str, spelt: Callable[[str], str] = str) -> None:
        text = NOISE.sub(" ", text[-CHARACTERS:])
        errors = [line for line in text.splitlines() if ERROR_LINE.match(line)][-ERROR_LINES:]
        self.is_error = bool(errors)
        self.is_how_to = not errors and bool(HOW_TO.match(text))
        if errors:
            around = [line for line in text.splitlines() if not ERROR_LINE.match(line)]
            lines = [message_terms(line) for line in errors]
            exceptions = [[found[1].lower()] for line in errors if (found := EXCEPTION.match(line))]
            self.messages = [line for line in [*lines, *exceptions] if line]
            self.parts = [
                (terms("\n".join(errors))[-TERMS:], IN_ERROR),
                (terms("\n".join(around))[-TERMS:], AROUND_ERROR),
            ]
        else:
            words = terms(text)[:TERMS]
            if len(words) <= SPELT:
                words = " ".join(map(spelt, words)).split()
            self.messages = [words]
            self.parts = [(words, IN_QUESTION)]


def message_terms(line: str) -> list[str]:
    """Return the terms of a message, without the exception's name, unless that is all of it."""
    return (terms(EXCEPTION.sub("", line, count=1)) or terms(line))[:TERMS]


def message_key(message: str) -> str:
    """Return what makes two messages the same."""
    return " ".join(message_terms(message))


def terms(text: str) -> list[str]:
    """Return the words that a text can be found by, in their order, and the parts of CamelCase."""
    text = NOISE.sub(" ", text)
    for spelt, spelling in SPELLINGS:
        text = spelt.sub(spelling, text)
    found = []
    for word in WORD.findall(text):
        parts = PART.findall(word)
        found += [word, *(parts if len(parts) > 1 else [])]
    return [word for term in found if len(word := term.lower()) > 1 and word not in STOP_WORDS]
