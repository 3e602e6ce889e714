"""The portal's pages, one a file."""
