"""What Python users take, for tests/bench/peers.rs: peers.py WAY FOLDER SECONDS

`pymupdf` and `pdfminer` read text; the others find quantities, dates or addresses in what PyMuPDF read,
paragraph by paragraph, and stop after SECONDS with the share they came to.
"""
import pathlib
import sys
import time

way, folder, most = sys.argv[1], pathlib.Path(sys.argv[2]), float(sys.argv[3])
begun = time.monotonic()


def texts():
    import pymupdf

    for path in sorted(folder.glob("*.pdf")):
        with pymupdf.open(path) as document:
            for page in document:
                yield page.get_text()


def each_paragraph(find):
    paragraphs = [p for text in texts() for p in text.split("\n \n") if p.strip()]
    found = 0
    for done, paragraph in enumerate(paragraphs):
        if time.monotonic() - begun > most:
            print(f"  ({way} came to {100 * done / len(paragraphs):.0f} % of the text in {most:.0f} s)")
            return
        try:
            found += len(find(paragraph) or ())
        except Exception:  # noqa: BLE001  some texts are too much for some of them
            pass
    print(f"  ({way} found {found})")


if way == "pymupdf":
    print(f"  (pymupdf read {sum(len(text) for text in texts())} characters)")
elif way == "pdfminer":
    from pdfminer.high_level import extract_text

    print(f"  (pdfminer read {sum(len(extract_text(path)) for path in sorted(folder.glob('*.pdf')))} characters)")
elif way == "quantulum3":
    from quantulum3 import parser

    each_paragraph(parser.parse)
elif way == "dateparser":
    from dateparser.search import search_dates

    each_paragraph(lambda text: search_dates(text, languages=["en"]))
elif way == "iocsearcher":
    from iocsearcher.searcher import Searcher

    each_paragraph(Searcher().search_data)
