"""A release: from an author's text to what trainees get, its versions, and the proof that nothing secret is in it."""
