"""What nbgrader puts in the place of an answer."""

STOP = "raise NotImplementedError()"
CODE = f"# YOUR CODE HERE\n{STOP}"
TEXT = "YOUR ANSWER HERE"
