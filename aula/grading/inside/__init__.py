"""What runs in the user environment: it has nothing of ours, so there is only the standard library here."""
