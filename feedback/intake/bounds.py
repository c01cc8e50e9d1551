"""Size limits of one message, the same on every channel. Pure."""

#: In characters.
MOST_TEXT = 20_000
MOST_ATTACHMENTS = 10
MOST_ATTACHMENT_BYTES = 10 * 1024 * 1024
#: All files of one answer together. Base64 adds a third, still under the 25 MB that mail servers commonly accept.
MOST_ANSWER_BYTES = 18 * 1024 * 1024
