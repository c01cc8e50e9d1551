"""How much one utterance may hold, whatever channel it came by. Pure."""

#: In characters.
MOST_TEXT = 20_000
MOST_ATTACHMENTS = 10
MOST_ATTACHMENT_BYTES = 10 * 1024 * 1024
#: All files of one answer: in base64 a third more, still under the 25 MB that mail servers commonly take.
MOST_ANSWER_BYTES = 18 * 1024 * 1024
