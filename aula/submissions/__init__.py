"""What trainees hand in: checked, kept, and receipted. `store.Store` is the only writer of its folder."""
