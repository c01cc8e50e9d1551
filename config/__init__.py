"""The project: settings, URLs, processes and the embedded servers."""
