"""A centre as Aula sees it: what its site.yml says, the reference of that file, and the check of the real thing."""
