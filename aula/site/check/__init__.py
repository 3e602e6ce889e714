"""The check of a site: tries everything that can be tried, and tells all that is wrong at once."""
