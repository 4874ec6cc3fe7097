"""Finishing by pikepdf: what a typeset PDF still lacks to be both PDF/A-3a and PDF/UA-1."""

import base64
import io
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

Marks = dict[tuple[int, int], set[int]]
Instruction = pikepdf.ContentStreamInstruction | pikepdf.ContentStreamInlineImage

# PDF/UA's mark in the metadata, with the extension schema that PDF/A asks for every foreign property.
_UNIVERSAL_ACCESS = """
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file follows</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""
_END_OF_RDF = b"</rdf:RDF>"


def finish(draft: bytes) -> tuple[bytes, int]:
    """Return the finished file and its number of pages. Deterministic: no clock, no random identifier."""
    finished = io.BytesIO()
    with pikepdf.open(io.BytesIO(draft)) as pdf:
        _free_running_content(pdf)
        _declare_universal_access(pdf)
        pages = len(pdf.pages)
        pdf.save(finished, deterministic_id=True, compress_streams=True)
    return _with_clear_ends(finished.getvalue()), pages


def _with_clear_ends(content: bytes) -> bytes:
    """One stream in 256 ends with a carriage return, which a strict reader takes for part of the line end that follows
    and finds one byte short. Written in ASCII 85 such a stream ends with `~>`, and its data are the same.
    """
    finished = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        streams = [each for each in pdf.objects if isinstance(each, Stream)]
        unclear = [each for each in streams if each.read_raw_bytes().endswith(b"\r")]
        if not unclear:
            return content
        for stream in unclear:
            filters = stream.get("/Filter", Array([]))
            names = list(filters) if isinstance(filters, Array) else [filters]
            written = base64.a85encode(stream.read_raw_bytes(), wrapcol=120) + b"~>"
            stream.write(written, filter=Array([Name.ASCII85Decode, *names]))
        kept = pikepdf.StreamDecodeLevel.none
        pdf.save(finished, deterministic_id=True, compress_streams=False, stream_decode_level=kept)
    return finished.getvalue()


def _free_running_content(pdf: pikepdf.Pdf) -> None:
    """Turn headers, footers and page numbers into artifacts: a screen reader must not meet them on each page."""
    owned = _owned_marks(pdf)
    numbers = pdf.Root["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    parents = {int(numbers[i]): numbers[i + 1] for i in range(0, len(numbers), 2)}
    for page in pdf.pages:
        kept = owned[page.obj.objgen]
        page.obj["/Contents"] = pdf.make_stream(pikepdf.unparse_content_stream(list(_retagged(page, kept))))
        cells = parents[int(page.obj["/StructParents"])]
        for mark in set(range(len(cells))) - kept:
            cells[mark] = None  # nothing points to the orphan element any more: it leaves the file


def _owned_marks(pdf: pikepdf.Pdf) -> Marks:
    """Marked-content numbers that the structure tree holds, by page."""
    marks: Marks = defaultdict(set)
    waiting: list[tuple[Any, tuple[int, int]]] = [(pdf.Root["/StructTreeRoot"]["/K"], (0, 0))]
    while waiting:
        node, page = waiting.pop()
        if isinstance(node, int):
            marks[page].add(node)
        elif isinstance(node, Array):
            waiting.extend((child, page) for child in node)
        elif isinstance(node, Dictionary) and "/K" in node:
            own = node["/Pg"].objgen if "/Pg" in node else page
            waiting.append((node["/K"], own))
    return marks


def _retagged(page: pikepdf.Page, kept: set[int]) -> Iterator[Instruction]:
    artifact = [Name.Artifact, Dictionary(Type=Name.Pagination)]
    for instruction in pikepdf.parse_content_stream(page):
        yield (
            pikepdf.ContentStreamInstruction(artifact, instruction.operator)
            if _is_running(instruction, kept)
            else instruction
        )


def _is_running(instruction: Instruction, kept: set[int]) -> bool:
    """Does this open marked content that no element of the structure tree holds?"""
    if str(instruction.operator) != "BDC":
        return False
    properties: Any = instruction.operands[1]
    return isinstance(properties, Dictionary) and "/MCID" in properties and int(properties["/MCID"]) not in kept


def _declare_universal_access(pdf: pikepdf.Pdf) -> None:
    """Say PDF/UA-1 in the metadata, which stay uncompressed so that any archive tool can read them."""
    packet = pdf.Root["/Metadata"].read_bytes()
    added = _UNIVERSAL_ACCESS.format(language=escape(str(pdf.Root["/Lang"]))).encode()
    metadata = Stream(pdf, packet.replace(_END_OF_RDF, added + _END_OF_RDF, 1))
    metadata["/Type"] = Name.Metadata
    metadata["/Subtype"] = Name.XML
    pdf.Root["/Metadata"] = pdf.make_indirect(metadata)
