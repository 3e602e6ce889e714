"""What `aula new` writes: courses, lessons and assignments to start from."""
