"""The preview: the pages of a course as readers and trainees will see them, while the author writes."""
