"""The commands of `aula`: a file for each group, which reads its arguments, calls the part that does it, and tells."""
