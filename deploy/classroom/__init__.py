"""The classroom on the cluster: proxy, hub, services, course run, book."""
