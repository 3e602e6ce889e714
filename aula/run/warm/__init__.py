"""Warm kernels: Python and what notebooks import are loaded once, and each kernel begins as a copy of that."""
