"""botocore reads what the event-stream codec writes: every type of header, events and an exception."""

import pathlib

import pytest
from botocore.eventstream import EventStreamBuffer

STREAM = pathlib.Path(__file__).parent.parent / "crates/wire/tests/golden/event_stream.bin"


@pytest.mark.parametrize("piece", [1, 7, 10_000])
def test_botocore_reads_it(piece):
    wire = STREAM.read_bytes()
    buffer = EventStreamBuffer()
    messages = []
    for start in range(0, len(wire), piece):
        buffer.add_data(wire[start : start + piece])
        messages.extend(buffer)
    assert [(message.headers, message.payload) for message in messages] == [
        (
            {":event-type": "messageStart", ":content-type": "application/json", ":message-type": "event"},
            b'{"role":"assistant"}',
        ),
        (
            {":event-type": "PayloadPart", ":content-type": "application/octet-stream", ":message-type": "event"},
            b"\x00\x9f\x92\x96",
        ),
        (
            {
                ":exception-type": "throttlingException",
                ":content-type": "application/json",
                ":message-type": "exception",
            },
            b'{"message":"slow down"}',
        ),
        (
            {
                "yes": True,
                "no": False,
                "byte": -1,
                "short": -300,
                "integer": -70_000,
                "long": -5_000_000_000,
                "bytes": b"\x00\xff",
                "string": "žluť 🐋",
                "timestamp": 1_764_043_200_000,
                "uuid": b"0123456789abcdef",
            },
            b"",
        ),
    ]
    reply = messages[2].to_response_dict()
    assert reply["status_code"] == 400 and reply["body"] == b'{"message":"slow down"}'
