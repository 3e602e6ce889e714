"""Aula's course pipeline: from one folder of MyST text to a release, a tested notebook and a book."""
