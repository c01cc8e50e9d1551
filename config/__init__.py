"""The project: settings, addresses, processes, and the servers it brings along."""
