"""Grading: a submission runs in a sandbox, and its tests in another, where nothing of it can reach them."""
