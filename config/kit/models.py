"""The models of this app, collected from its parts."""
