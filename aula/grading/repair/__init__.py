"""What was damaged of a notebook is mended by comparing it with what was released, where it is clear what was meant."""
