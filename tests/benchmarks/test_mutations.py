"""Break code on purpose, to learn which tests would notice.

Use it on code whose lines are all covered: that a line ran does not say that a test cares. The trap
of the usual tools is that they pass over what stands outside functions: settings, routes, wiring.
"""

import pytest

from benchmarks.mutations import mutants_of


@pytest.mark.parametrize(
    ("code", "mutants"),
    [
        pytest.param("x = f(60)", ["pass", "x = f(61)", "x = 60"], id="number"),
        pytest.param("f('a')", ["f('aXX')", "'a'", "pass"], id="string"),
        pytest.param("f(True)", ["f(False)", "True", "pass"], id="truth"),
        pytest.param("f(b'a')", ["f(b'aXX')", "b'a'", "pass"], id="bytes"),
        pytest.param("f'{x}'", ["(f\"XX\" + f'{x}')", "pass"], id="f-string"),
        pytest.param("a < b", ["a <= b", "pass"], id="comparison"),
        pytest.param("a not in b", ["a in b", "pass"], id="membership"),
        pytest.param("a + b", ["a - b", "pass"], id="arithmetic"),
        pytest.param("a and b and c", ["a or b and c", "pass"], id="logic"),
        pytest.param("not a", ["a", "pass"], id="negation"),
        pytest.param("if a: b", ["if (not (a)): b", "if a: pass"], id="condition"),
        pytest.param("f(a, b=c)", ["f(a)", "a", "pass"], id="argument"),
        pytest.param("[a, b]", ["[b]", "[a]", "pass"], id="list"),
        pytest.param("{**a, b: c}", ["{**a, }", "pass"], id="dictionary"),
        pytest.param("(a, b)", ["(b)", "(a)", "pass"], id="tuple"),
        pytest.param("raise a from b", ["raise a", "pass"], id="cause"),
        pytest.param("with a as b: c", ["if True: c", "with a as b: pass"], id="with"),
        pytest.param(
            "class A(B, C): d: int", ["class A(C): d: int", "class A(B): d: int"], id="base"
        ),
        pytest.param("@a\nclass B: d: int", ["\nclass B: d: int"], id="decorator"),
        pytest.param("def f(): return a", ["def f(): return None"], id="result"),
        pytest.param(
            "try: x: int\nexcept A: y: int",
            ["try: x: int\nexcept BaseException: y: int"],
            id="except",
        ),
    ],
)
def test_each_change_is_one_that_somebody_could_make(code: str, mutants: list[str]) -> None:
    assert {mutant.text for mutant in mutants_of("module.py", code)} == set(mutants)


@pytest.mark.parametrize(
    ("code", "mutant"),
    [
        ("if a:  # pragma: no cover\n    b()", "if (not (a)):  # pragma: no cover\n    b()"),
        (
            "try: x: int\nexcept A:  # pragma: no cover - B's\n    b()",
            "try: x: int\nexcept BaseException:  # pragma: no cover - B's\n    b()",
        ),
    ],
)
def test_what_the_tests_here_do_not_run_is_left_alone(code: str, mutant: str) -> None:
    assert [mutant.text for mutant in mutants_of("module.py", code)] == [mutant]


@pytest.mark.parametrize(
    "code",
    [
        pytest.param('"""A docstring."""', id="docstring"),
        pytest.param('a: int\n"""What it is."""', id="docstring of an attribute"),
        pytest.param("x: Literal[1]", id="annotation"),
        pytest.param("def f(a: 'A') -> 'B': a: 'A'", id="types of a function"),
        pytest.param("class A(Manager['A']): b: 'C'", id="parameters of a type"),
        pytest.param("if TYPE_CHECKING:\n    import a", id="imports for types"),
    ],
)
def test_what_does_nothing_at_run_time_is_left_alone(code: str) -> None:
    assert mutants_of("module.py", code) == []


def test_a_mutant_says_where_it_is_whatever_stands_above() -> None:
    first, below = mutants_of("module.py", "f(1)"), mutants_of("module.py", "# äöü\n\nf(1)")

    assert [mutant.key for mutant in first] == [mutant.key for mutant in below]
    assert [mutant.line for mutant in below] == [3] * len(first)


def test_a_long_change_is_told_on_one_line() -> None:
    code = f"f({', '.join('argument' for _ in range(9))})"

    changes = [mutant.change for mutant in mutants_of("module.py", code)]

    assert "f(argument, argument, argument, argument … rgument, argument) → pass" in changes
