"""The standing job of a course run: who hands in sees the result of the visible tests within seconds."""
