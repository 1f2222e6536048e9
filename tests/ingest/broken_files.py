"""Broken files: every format cut and with flipped bits, archives that lie, XML that expands, values that are none."""

import io
import json
import random
import stat
import struct
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

VRT = b'<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'
SQUARE = [[107.1, 10.4], [107.101, 10.4], [107.101, 10.401], [107.1, 10.401], [107.1, 10.4]]


def damaged(good: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Each good file, cut in five places and with bits flipped in five ways."""
    for name, content in good.items():
        for share in (0, 25, 50, 75, 99):
            yield f"cut-{share}-{name}", content[: len(content) * share // 100]
        for seed in range(5):
            yield f"flip-{seed}-{name}", _flipped(content, seed)


def _flipped(content: bytes, seed: int) -> bytes:
    chance = random.Random(seed)
    raw = bytearray(content)
    for _time in range(1 + len(raw) // 2000 * (seed + 1)):
        raw[chance.randrange(min(64, len(raw)) if seed == 4 else len(raw))] ^= 1 << chance.randrange(8)
    return bytes(raw)


def disguised() -> Iterator[tuple[str, bytes]]:
    """Redirecting formats under the names of harmless ones."""
    for ending in ("shp", "gpkg", "geojson", "kml", "gml", "csv", "dxf", "fgb"):
        yield f"vrt.{ending}", VRT
    yield "wfs.gml", b"<OGRWFSDataSource><URL>http://127.0.0.1:9/</URL></OGRWFSDataSource>"
    yield "wms.xml", b"<GDAL_WMS><Service><ServerUrl>http://127.0.0.1:9/</ServerUrl></Service></GDAL_WMS>"
    yield "names.csv", b"a,b\n/vsicurl/http://127.0.0.1:9/x,PG:host=127.0.0.1\n"
    yield "stac.json", b'{"type": "FeatureCollection", "stac_version": "1.0.0", "features": []}'
    yield "topo.json", b'{"type": "Topology", "objects": {}, "arcs": []}'
    yield (
        "remote.geojson",
        b'{"type": "FeatureCollection", "crs": {"type": "link", "properties": {"href": "http://127.0.0.1:9/"}}, "features": []}',
    )
    yield "program.csv", b"#!/bin/sh\necho a,b\n"
    yield "picture.shp", b"\x89PNG\r\n\x1a\n" + b"\x00" * 100
    yield "word.xlsx", b"\xd0\xcf\x11\xe0" + b"\x00" * 500
    yield "page.gml", b"<html><body>404</body></html>"
    yield "paper.csv", b"%PDF-1.7 a,b,c"


def xml() -> Iterator[tuple[str, bytes]]:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    for ending, root in (("kml", "kml"), ("gml", "gml:FeatureCollection")):
        head = f'<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY l0 "lol">{entities}]>'
        yield f"laughs.{ending}", f"{head}<{root}>&l9;</{root}>".encode()
        outside = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><{root}>&f;</{root}>'
        yield f"outside.{ending}", outside.encode()
        yield f"wide.{ending}", outside.encode("utf-16")
        yield f"late.{ending}", f"<{root}>{' ' * 70_000}<!DOCTYPE a>{'<a>' * 100}".encode()
        yield f"deep.{ending}", f"<{root}>{'<a>' * 50_000}{'</a>' * 50_000}</{root}>".encode()
        yield f"open.{ending}", f"<{root}><Document><Placemark>".encode()
    link = "<NetworkLink><Link><href>http://127.0.0.1:9/a.kml</href></Link></NetworkLink>"
    yield "link.kml", f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{link}</Document></kml>'.encode()
    schema = 'xsi:schemaLocation="http://a http://127.0.0.1:9/a.xsd"'
    yield "schema.gml", f'<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml" {schema}/>'.encode()


def archives() -> Iterator[tuple[str, bytes]]:
    for number, name in enumerate(("../a.shp", "..\\a.shp", "/etc/a.shp", "C:\\a.shp", "a/../../a.shp", "\\a.shp")):
        yield f"slip-{number}.zip", _zip({name: b"\x00\x00\x27\x0a"})
    yield "bomb.zip", _zip({"a.shp": b"\x00" * 300_000_000})
    yield "many.zip", _zip({f"{n}.txt": b"" for n in range(2500)})
    yield "nested.zip", _zip({"a.geojson": _zip({"a.geojson": b"{}"})})
    yield "empty.zip", _zip({})
    yield "no-geodata.zip", _zip({"readme.txt": b"hello"})
    yield "two.zip", _zip({"a.shp": b"", "b.shp": b""})
    yield "parts.zip", _zip({"a.shp": b"\x00\x00\x27\x0a" + b"\x00" * 96})
    yield "nul-name.zip", _zip({"a\x01.shp": b"\x00\x00\x27\x0a"})
    yield "case.zip", _zip({"a.shp": b"", "A.SHP": b""})
    yield "vrt-inside.zip", _zip({"a.shp": VRT, "a.shx": VRT, "a.dbf": VRT})
    yield "locked.zip", _with_flag(_zip({"a.geojson": b"{}"}), 1)
    yield "lying.zip", _zip({"a.geojson": b"{" * 5000}).replace(struct.pack("<I", 5000), struct.pack("<I", 50))
    yield "gdb.zip", _zip({"a.gdb/a00000001.gdbtable": b"\x03\x00\x00\x00" + b"\xff" * 200, "a.gdb/gdb": b""})
    yield "sheet.zip", _zip({"[Content_Types].xml": b"<a/>", "xl/workbook.xml": b"<a/>"})
    yield "sheet-bomb.xlsx", _zip({"[Content_Types].xml": b"<a/>", "xl/workbook.xml": b" " * 300_000_000})
    link = zipfile.ZipInfo("a.geojson")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    yield "symlink.zip", out.getvalue()


def _zip(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def _with_flag(archive: bytes, flag: int) -> bytes:
    """The general-purpose flag of every header set."""
    raw = bytearray(archive)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = raw.find(mark)
        while at >= 0:
            raw[at + offset] |= flag
            at = raw.find(mark, at + 4)
    return bytes(raw)


def texts() -> Iterator[tuple[str, bytes]]:
    """JSON and CSV whose values are none, or too many."""
    yield "deep.geojson", b'{"type": "FeatureCollection", "features": ' + b"[" * 100_000
    yield "deep-collection.geojson", _feature('{"type": "GeometryCollection", "geometries": [' * 5000 + "]}" * 5000)
    yield "nan.geojson", _polygon("[[NaN, 10.4], [107.1, 10.5], [107.2, 10.5], [NaN, 10.4]]")
    yield "huge.geojson", _polygon("[[1e400, 10.4], [107.1, 10.5], [107.2, 10.5], [1e400, 10.4]]")
    yield "far.geojson", _polygon("[[1e308, 1e308], [-1e308, 10.5], [107.2, 10.5], [1e308, 1e308]]")
    yield "text.geojson", _polygon('[["a", "b"], [107.1, 10.5], [107.2, 10.5], ["a", "b"]]')
    yield "short.geojson", _polygon("[[107.1, 10.4]]")
    yield "line.geojson", _polygon("[[107.1, 10.4], [107.2, 10.4], [107.1, 10.4]]")
    yield "none.geojson", _feature("null")
    yield "empty.geojson", _feature('{"type": "Polygon", "coordinates": []}')
    yield "twice.geojson", b'{"type": "FeatureCollection", "type": "Feature", "features": [], "features": 5}'
    yield (
        "bytes.geojson",
        b'{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"ma_vung": "\xff\xfe\x00"}}]}',
    )
    yield "array.geojson", b"[1, 2, 3]"
    yield "many-corners.geojson", _polygon(json.dumps([[107 + n / 1e7, 10.4 + (n % 2) / 1e6] for n in range(200_000)]))
    yield "lines.geojsonl", b'{"type": "Feature", "properties": {}, "geometry": null}\n{"type": \n'
    yield "nul.csv", b"ma_vung,ten_qh,wkt\nA\x00,QH,POINT(1 1)\n"
    yield "quote.csv", b'ma_vung,ten_qh,wkt\n"A,QH,POINT(1 1)\n' + b"x,y\n" * 1000
    yield "long-cell.csv", b"ma_vung,ten_qh,wkt\nA," + b"x" * 20_000_000 + b",POINT(1 1)\n"
    yield "formulas.csv", b"ma_vung,ten_qh,wkt\n=1+1,@SUM(A1),POINT(1 1)\n+A,-B,POINT(1 1)\n"
    yield (
        "deep-wkt.csv",
        b"ma_vung,ten_qh,wkt\nA,QH,POINT(1 1)\nA,QH," + b'"' + b"GEOMETRYCOLLECTION(" * 200_000 + b'"\n',
    )
    yield "bad-hex.csv", b"ma_vung,ten_qh,wkt\nA,QH,0103000000FFFFFFFF00000000000000000000000000\n"
    yield "far.csv", b"ma_vung,ten_qh,X,Y\nA,QH,1e308,-1e308\nA,QH,inf,nan\nA,QH,5,5\n"
    yield "columns.csv", ",".join(f"c{n}" for n in range(5000)).encode() + b"\n1,2"
    yield "heading-only.csv", b"ma_vung,ten_qh,wkt"
    yield "utf16-cut.csv", "ma_vung,ten_qh\nA,B".encode("utf-16")[:-1]
    yield "line.dxf", b"  0\nSECTION\n  2\nENTITIES\n  0\nLINE\n  8\n10\n 10\n1e400\n 20\nnan\n"
    block = b"  0\nSECTION\n  2\nBLOCKS\n  0\nBLOCK\n  2\nA\n  0\nINSERT\n  2\nA\n  0\nENDBLK\n  0\nENDSEC\n"
    yield "self.dxf", block + b"  0\nSECTION\n  2\nENTITIES\n  0\nINSERT\n  8\n10\n  2\nA\n  0\nENDSEC\n  0\nEOF\n"


def _feature(geometry: str) -> bytes:
    facts = '{"ma_vung": "A", "ten_qh": "QH"}'
    return f'{{"type": "FeatureCollection", "features": [{{"type": "Feature", "properties": {facts}, "geometry": {geometry}}}]}}'.encode()


def _polygon(ring: str) -> bytes:
    return _feature(f'{{"type": "Polygon", "coordinates": [{ring}]}}')


def nested_parquet(folder: Path, depth: int) -> Path:
    """GeoParquet whose one geometry is a collection in a collection in a collection."""
    wkb = (b"\x01" + struct.pack("<II", 7, 1)) * depth + b"\x01" + struct.pack("<Idd", 1, 1.0, 1.0)
    about = {"version": "1.0.0", "primary_column": "g", "columns": {"g": {"encoding": "WKB", "geometry_types": []}}}
    table = pa.table({"ma_vung": ["A"], "ten_qh": ["QH"], "g": pa.array([wkb], pa.binary())})
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(about)}), folder / "nest.parquet")
    return folder / "nest.parquet"


def good(makers: dict[str, Callable[[Path], Path]]) -> dict[str, bytes]:
    """Name -> content of the files that the makers write, each in a folder of its own."""
    made = {}
    for make in makers.values():
        with tempfile.TemporaryDirectory() as folder:
            path = make(Path(folder))
            made[path.name] = path.read_bytes()
    return made
