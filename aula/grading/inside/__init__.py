"""What runs inside the sandbox, in the user environment's interpreter, where nothing else of ours is."""
