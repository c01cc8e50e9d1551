"""Mail in over IMAP and out over SMTP.

``parse`` and what it stands on (``mime``, ``body``, ``charsets``, ``encoded_words``, ``addresses``, ``dates``,
``markup``, ``plain``, ``quotes``, ``automatic``, ``notices``, ``tnef``, ``rtf``, ``cms``) are pure and take time linear
in the mail's size; ``sandbox`` runs them in a child process that may be killed. ``threads`` decides which feedback a
mail joins.
"""
