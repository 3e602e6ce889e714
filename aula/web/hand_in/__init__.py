"""The hand-in service: who may fetch what is released, hand in, and read what came of it."""
