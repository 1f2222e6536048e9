"""How the reading process answers: frames of one letter, a length, and bytes."""

import io
import json
import struct
from typing import Any, BinaryIO

import pyarrow as pa

CONTENT, BATCH, END, ERROR = b"C", b"B", b"Z", b"E"
HEAD = struct.Struct(">cQ")
MAX_FRAME = 2**31


def write(out: BinaryIO, kind: bytes, body: bytes = b"") -> None:
    out.write(HEAD.pack(kind, len(body)))
    out.write(body)
    out.flush()


def write_json(out: BinaryIO, kind: bytes, body: Any) -> None:
    write(out, kind, json.dumps(body, ensure_ascii=True, default=str).encode())


def write_batch(out: BinaryIO, batch: pa.RecordBatch) -> None:
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, batch.schema) as stream:
        stream.write_batch(batch)
    write(out, BATCH, sink.getvalue())


def batch_of(body: bytes) -> pa.RecordBatch:
    with pa.ipc.open_stream(body) as stream:
        batch = stream.read_next_batch()
    batch.validate(full=True)
    return batch
