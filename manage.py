#!/usr/bin/env python3
"""Run a management command: ``python3 manage.py help`` lists them."""

import runpy
import sys

# Commands that need nothing of Django answer without waiting a second for it.
WITHOUT_DJANGO = {"mail_parse": "feedback.channels.email.mail_parse"}

if __name__ == "__main__":
    command = sys.argv[1] if len(sys.argv) == 2 else ""
    runpy.run_module(WITHOUT_DJANGO.get(command, "config.command_line"), run_name="__main__")
