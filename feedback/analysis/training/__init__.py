"""Build the models from the versioned texts; using them needs nothing from here."""
