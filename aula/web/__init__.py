"""What Aula serves over HTTP, each as a process of its own beside the hub."""
