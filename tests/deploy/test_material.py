"""The book's material: which courses have something to release."""

import json

from deploy.classroom import material


def test_only_courses_with_assignments_are_released() -> None:
    """A course that grades nothing is in the book all the same: nobody tries to release it."""
    courses = [{"id": "one", "assignments": [{"name": "sums"}]}, {"id": "two", "assignments": []}]
    assert material.with_assignments(json.dumps({"courses": courses})) == ["one"]
