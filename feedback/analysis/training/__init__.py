"""Build the models from the versioned texts; nothing of this is needed to use them."""
