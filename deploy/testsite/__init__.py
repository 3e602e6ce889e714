"""A site that is strange to the class: its own head, nodes, accounts and homes, and a service node beside them."""
