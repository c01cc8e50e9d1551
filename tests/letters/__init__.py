"""Mails as the programs of real people and machines build them, written for these tests.

Each ``Letter`` says what it must turn into. ``writing`` builds their bytes by hand: the standard
library would repair what is broken in them.
"""
