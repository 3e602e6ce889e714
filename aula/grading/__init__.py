"""Grading: submitted code runs in a sandbox, tests run apart from it, and marks go to nbgrader's gradebook."""
