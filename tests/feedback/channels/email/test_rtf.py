import struct
import time

from feedback.channels.email.rtf import Rich, read_rtf, unsqueezed

# The first example of [MS-OXRTFCP], 4.1.1.
EXAMPLE = "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"


class TestUnsqueezed:
    def test_reads_what_outlook_writes(self):
        source = unsqueezed(bytes.fromhex(EXAMPLE))
        assert source == "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
        assert read_rtf(source) == Rich(text="hello world")

    def test_grows_to_a_bound_only(self):
        header = struct.pack("<IIII", 1, 1, 0x75465A4C, 0)
        assert len(unsqueezed(header + b"\0abcdefgh" * 200_000)) <= 500_008


class TestReadRtf:
    def test_needs_time_linear_in_the_source(self):
        began = time.process_time()
        for source in ("{" * 500_000, "\\" * 500_000, "{\\rtf1 " + "ab \\par\\'d5\\'cb\\u1234 ?{x}" * 20_000):
            read_rtf(source)
        assert time.process_time() - began < 6
