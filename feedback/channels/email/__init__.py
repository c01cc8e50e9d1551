"""Mail in over IMAP and out over SMTP.

``parse`` and the modules it uses (``mime``, ``body``, ``charsets``, ``encoded_words``, ``addresses``, ``dates``,
``markup``, ``plain``, ``quotes``, ``automatic``, ``notices``, ``tnef``, ``rtf``, ``cms``) are pure and take time linear
in the mail's size; ``sandbox`` runs them in a child process that can be killed. ``threads`` decides which feedback a
mail joins.
"""
