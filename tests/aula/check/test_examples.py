"""No rule is without a bad example on which it was seen to fail."""

import pytest

from aula.check.rules import ALL
from tests.aula.check import test_fast_rules, test_rehearsal, test_slow_rules

SEEN = {*test_fast_rules.BAD, *test_slow_rules.BAD, *(rule for _, rule, _ in test_rehearsal.LESSONS.values() if rule)}


@pytest.mark.parametrize("name", [rule.name for rule in ALL])
def test_every_rule_has_a_bad_example(name: str) -> None:
    """A rule is only trusted once a test has shown that it finds something."""
    assert name in SEEN, f"add a bad example of '{name}' to test_fast_rules, test_slow_rules or test_rehearsal"


def test_every_example_is_of_a_rule() -> None:
    """No example is left of a rule that is gone."""
    assert {rule.name for rule in ALL} >= SEEN
