"""What the hub process loads, and nothing else: settings, identity, roles, services, pages."""
