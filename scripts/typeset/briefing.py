"""The briefing note as DOCX: real numbering, footnotes and a table, written part by part.

The parts are few and fixed, so the file is a plain zip with one time stamp and comes out the same
on every machine.
"""
import re
import zipfile
from xml.sax.saxutils import escape

TITLE = "Briefing note: thefts of virtual assets in 2024 and 2025"
PUBLISHER = "Example desk for sanctions"
PUBLISHED = "2025-10-30"

# ("heading", level, text), ("number", text), ("item", text), ("plain", text), ("caption", text) or
# ("table", rows). In a text, **bold** is bold and {n} is the mark of footnote n.
BODY = [
    ("title", TITLE),
    ("plain", "30 October 2025. An example made for paydirt after public reporting. The desk is invented, the facts are not; the sentences are ours."),
    ("heading", 1, "In short"),
    ("number", "The Multilateral Sanctions Monitoring Team, which eleven States formed after the Panel of Experts had been wound up, estimates that **$2.8 billion** in cryptocurrency was stolen between January 2024 and September 2025.{1} Of this, more than $1.6 billion was stolen in the first nine months of 2025."),
    ("number", "For 2024 alone the team’s list adds up to at least US$ 1.19 billion. A blockchain analysis firm has $1.34 billion for the same year; its count includes thefts that the team leaves out.{2}"),
    ("number", "One theft dominates 2025. On 21 February, approximately $1.5 billion was taken from Bybit. Without it, the total of the year would be below that of 2024."),
    ("heading", 1, "The cases of 2024"),
    ("number", "Two exchanges make up nearly half of the total of 2024: DMM Bitcoin of Japan ($308 million, 31 May 2024) and WazirX of India ($235 million, 18 July 2024). In a joint statement of 14 January 2025, three governments attributed both to the Democratic People’s Republic of Korea, together with the cases of Upbit (US$ 50m, in 2019), Rain Management ($16.13 million) and Radiant Capital ($50 million)."),
    ("caption", "Table 1. Ten thefts of 2024, in millions of United States dollars"),
    ("table", [
        ("Date", "Victim", "Group", "Amount"),
        ("10 February 2024", "PlayDapp", "TraderTraitor", "290"),
        ("15 March 2024", "NFPrompt", "CryptoCore", "36.09"),
        ("29 April 2024", "Rain", "CryptoCore", "16.1"),
        ("31 May 2024", "DMM Bitcoin", "TraderTraitor", "308"),
        ("22 June 2024", "BtcTurk", "TraderTraitor", "55"),
        ("1 July 2024", "Kyrrex", "TraderTraitor", "13.5"),
        ("18 July 2024", "WazirX", "TraderTraitor", "235"),
        ("10 September 2024", "Indodax", "TraderTraitor", "22"),
        ("20 September 2024", "BingX", "TraderTraitor", "52"),
        ("17 October 2024", "Radiant Capital", "Citrine Sleet", "50"),
    ]),
    ("plain", "PlayDapp shows how far valuations can differ: the attackers minted tokens with a face value of $290 million, of which only a part could ever have been sold."),
    ("heading", 1, "Where the money goes"),
    ("number", "Coins of the Bybit theft were changed within days:"),
    ("item", "ether was swapped for bitcoin through services that ask for no name;"),
    ("item", "the bitcoin was split over thousands of addresses, in sums of a few thousand dollars each;"),
    ("item", "brokers paid out in currency, or in USDT on the Tron network."),
    ("number", "The last work of the Panel’s former members, dated May 2024, gives an example of an older route. HTX lost $147.5 million late in 2023, and the coins went through Tornado Cash in March 2024. The same paper counts 97 suspected attacks from 2017 to 2024, worth some $3.6 billion.{3}"),
    ("heading", 1, "Points for the discussion"),
    ("number", "Do not set $2.8 billion against $3.6 billion. The first covers 21 months, the second eight years, and they overlap in 2024."),
    ("number", "Ask for the list behind a total. The list of the Panel is in annex 95 of S/2024/215; that of the team has a table for each year."),
    ("number", "Ask for the day of valuation. The 342,000 ETH that Upbit lost on 27 November 2019 were worth $49 million then, and over $1 billion when the police closed the case five years later."),
    ("heading", 2, "Dates to keep in mind"),
    ("plain", "30 April 2024: the mandate of the Panel ends. 16 October 2024: eleven States announce the team. 22 October 2025: its second report is published."),
]

NOTES = {
    1: "Report of the Multilateral Sanctions Monitoring Team of 22 October 2025. The team is not a body of the United Nations.",
    2: "47 incidents, by the count published in December 2024.",
    3: "The paper was not published; the figures are those that the press gave on 15 May 2024.",
}

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def runs(text):
    """Runs of a paragraph: plain, bold and footnote references."""
    out = []
    for part in re.split(r"(\*\*.+?\*\*|\{\d+\})", text):
        if not part:
            continue
        if part.startswith("**"):
            out.append(f'<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">{escape(part[2:-2])}</w:t></w:r>')
        elif part.startswith("{"):
            out.append(f'<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteReference w:id="{part[1:-1]}"/></w:r>')
        else:
            out.append(f'<w:r><w:t xml:space="preserve">{escape(part)}</w:t></w:r>')
    return "".join(out)


def paragraph(text, style=None, number=None):
    inside = f'<w:pStyle w:val="{style}"/>' if style else ""
    if number:
        inside += f'<w:numPr><w:ilvl w:val="{number[1]}"/><w:numId w:val="{number[0]}"/></w:numPr>'
    properties = f"<w:pPr>{inside}</w:pPr>" if inside else ""
    return f"<w:p>{properties}{runs(text)}</w:p>"


def table(rows):
    out = ['<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid>']
    out += [f'<w:gridCol w:w="{w}"/>' for w in (2300, 2600, 2100, 1400)]
    out.append("</w:tblGrid>")
    for i, row in enumerate(rows):
        head = "<w:trPr><w:tblHeader/></w:trPr>" if i == 0 else ""
        cells = []
        for cell in row:
            text = f"**{cell}**" if i == 0 else cell
            cells.append(f'<w:tc><w:tcPr><w:tcW w:w="0" w:type="auto"/></w:tcPr>{paragraph(text)}</w:tc>')
        out.append(f"<w:tr>{head}{''.join(cells)}</w:tr>")
    out.append("</w:tbl>")
    return "".join(out)


def document():
    out = []
    for kind, *rest in BODY:
        if kind == "title":
            out.append(paragraph(rest[0], "Title"))
        elif kind == "heading":
            out.append(paragraph(rest[1], f"Heading{rest[0]}"))
        elif kind == "number":
            out.append(paragraph(rest[0], "ListParagraph", (1, 0)))
        elif kind == "item":
            out.append(paragraph(rest[0], "ListParagraph", (1, 1)))
        elif kind == "caption":
            out.append(paragraph(rest[0], "Caption"))
        elif kind == "table":
            out.append(table(rest[0]))
        else:
            out.append(paragraph(rest[0]))
    page = '<w:sectPr><w:footerReference w:type="default" r:id="rId4"/><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1417" w:right="1417" w:bottom="1417" w:left="1417" w:header="708" w:footer="708" w:gutter="0"/></w:sectPr>'
    return (
        f'{HEAD}<w:document {W} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        f"<w:body>{''.join(out)}{page}</w:body></w:document>"
    )


def footnotes():
    out = [
        '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>',
        '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>',
    ]
    for number, text in NOTES.items():
        out.append(
            f'<w:footnote w:id="{number}"><w:p><w:pPr><w:pStyle w:val="FootnoteText"/></w:pPr>'
            '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r>'
            f'<w:r><w:t xml:space="preserve"> {escape(text)}</w:t></w:r></w:p></w:footnote>'
        )
    return f"{HEAD}<w:footnotes {W}>{''.join(out)}</w:footnotes>"


FOOTER = (
    f'{HEAD}<w:ftr {W}><w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:t xml:space="preserve">An example made for paydirt, page </w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:ftr>'
)

NUMBERING = (
    f'{HEAD}<w:numbering {W}><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="multilevel"/>'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="567" w:hanging="567"/></w:pPr></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%2)"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="1134" w:hanging="567"/></w:pPr></w:lvl>'
    '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)


def style(kind, name, shown, inside, default=""):
    return f'<w:style w:type="{kind}"{default} w:styleId="{name}"><w:name w:val="{shown}"/>{inside}</w:style>'


STYLES = (
    f"{HEAD}<w:styles {W}>"
    '<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:cs="Calibri"/><w:sz w:val="22"/><w:lang w:val="en-GB"/></w:rPr></w:rPrDefault>'
    '<w:pPrDefault><w:pPr><w:spacing w:after="160" w:line="276" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>'
    + style("paragraph", "Normal", "Normal", "", ' w:default="1"')
    + style("paragraph", "Title", "Title", '<w:basedOn w:val="Normal"/><w:rPr><w:b/><w:sz w:val="40"/></w:rPr>')
    + style("paragraph", "Heading1", "heading 1", '<w:basedOn w:val="Normal"/><w:pPr><w:keepNext/><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/><w:sz w:val="28"/></w:rPr>')
    + style("paragraph", "Heading2", "heading 2", '<w:basedOn w:val="Normal"/><w:pPr><w:keepNext/><w:outlineLvl w:val="1"/></w:pPr><w:rPr><w:b/><w:sz w:val="24"/></w:rPr>')
    + style("paragraph", "ListParagraph", "List Paragraph", '<w:basedOn w:val="Normal"/>')
    + style("paragraph", "Caption", "caption", '<w:basedOn w:val="Normal"/><w:pPr><w:keepNext/></w:pPr><w:rPr><w:i/></w:rPr>')
    + style("paragraph", "FootnoteText", "footnote text", '<w:basedOn w:val="Normal"/><w:rPr><w:sz w:val="18"/></w:rPr>')
    + style("character", "FootnoteReference", "footnote reference", '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>')
    + style("table", "TableGrid", "Table Grid", '<w:tblPr><w:tblBorders>' + "".join(f'<w:{s} w:val="single" w:sz="4" w:space="0" w:color="auto"/>' for s in ("top", "left", "bottom", "right", "insideH", "insideV")) + "</w:tblBorders></w:tblPr>")
    + "</w:styles>"
)

KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"
TYPES = (
    f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{KIND}.document.main+xml"/>'
    + "".join(f'<Override PartName="/word/{n}.xml" ContentType="{KIND}.{k}+xml"/>' for n, k in (("styles", "styles"), ("numbering", "numbering"), ("footnotes", "footnotes"), ("footer1", "footer")))
    + '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
)

REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def relations(*rows):
    inside = "".join(f'<Relationship Id="rId{i}" Type="{kind}" Target="{target}"/>' for i, (kind, target) in enumerate(rows, 1))
    return f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inside}</Relationships>'


CORE = (
    f'{HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    f"<dc:title>{TITLE}</dc:title><dc:creator>{PUBLISHER}</dc:creator><dc:language>en-GB</dc:language>"
    f'<dcterms:created xsi:type="dcterms:W3CDTF">{PUBLISHED}T09:00:00Z</dcterms:created>'
    f'<dcterms:modified xsi:type="dcterms:W3CDTF">{PUBLISHED}T09:00:00Z</dcterms:modified></cp:coreProperties>'
)


def write(path):
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": relations(
            (f"{REL}/officeDocument", "word/document.xml"),
            ("http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties", "docProps/core.xml"),
        ),
        "docProps/core.xml": CORE,
        "word/document.xml": document(),
        "word/_rels/document.xml.rels": relations(
            (f"{REL}/styles", "styles.xml"),
            (f"{REL}/numbering", "numbering.xml"),
            (f"{REL}/footnotes", "footnotes.xml"),
            (f"{REL}/footer", "footer1.xml"),
        ),
        "word/styles.xml": STYLES,
        "word/numbering.xml": NUMBERING,
        "word/footnotes.xml": footnotes(),
        "word/footer1.xml": FOOTER,
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in parts.items():
            # Stored, not deflated: the bytes then do not depend on a version of zlib.
            info = zipfile.ZipInfo(name, (2025, 10, 30, 9, 0, 0))
            archive.writestr(info, text.encode("utf-8"))
