//! A writer of small PDFs, well-formed or not, so that no test needs a file.

use std::fmt::Write as _;

/// A PDF under construction. Objects are numbered from 1 in the order they are added; number 1 is
/// the catalogue and 2 the page tree.
pub struct Writer {
    objects: Vec<Vec<u8>>,
    pages: Vec<usize>,
    /// Written into the page tree instead of the true number.
    pub count: Option<usize>,
    /// More entries of the catalogue.
    pub catalog: String,
    pub trailer: String,
}

impl Writer {
    pub fn new() -> Self {
        Writer {
            objects: vec![Vec::new(), Vec::new()],
            pages: Vec::new(),
            count: None,
            catalog: String::new(),
            trailer: String::new(),
        }
    }

    pub fn add(&mut self, object: impl AsRef<[u8]>) -> usize {
        self.objects.push(object.as_ref().to_vec());
        self.objects.len()
    }

    pub fn stream(&mut self, entries: &str, data: impl AsRef<[u8]>) -> usize {
        let data = data.as_ref();
        let mut object = format!("<< {entries} /Length {} >>\nstream\n", data.len()).into_bytes();
        object.extend_from_slice(data);
        object.extend_from_slice(b"\nendstream");
        self.add(object)
    }

    /// The number the next object will have.
    pub fn next(&self) -> usize {
        self.objects.len() + 1
    }

    pub fn page(&mut self, entries: &str, contents: usize) {
        let page = self.add(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {contents} 0 R {entries} >>"
        ));
        self.pages.push(page);
    }

    /// A page of lines of Helvetica, 12 points, 20 points apart from the top.
    pub fn text_page(&mut self, lines: &[&str]) {
        let mut content = "BT /F1 12 Tf 72 720 Td 20 TL\n".to_string();
        for line in lines {
            let line = line.replace('\\', "\\\\").replace('(', "\\(").replace(')', "\\)");
            writeln!(content, "({line}) Tj T*").unwrap();
        }
        content.push_str("ET");
        let contents = self.stream("", content);
        self.page(HELVETICA, contents);
    }

    /// Puts a number among the page tree's children.
    pub fn kid(&mut self, object: usize) {
        self.pages.push(object);
    }

    pub fn finish(mut self) -> Vec<u8> {
        let kids: Vec<String> = self.pages.iter().map(|page| format!("{page} 0 R")).collect();
        let count = self.count.unwrap_or(self.pages.len());
        self.objects[0] = format!("<< /Type /Catalog /Pages 2 0 R {} >>", self.catalog).into_bytes();
        self.objects[1] =
            format!("<< /Type /Pages /Kids [{}] /Count {count} >>", kids.join(" ")).into_bytes();
        let mut file = b"%PDF-1.7\n".to_vec();
        let mut places = Vec::new();
        for (i, object) in self.objects.iter().enumerate() {
            places.push(file.len());
            file.extend_from_slice(format!("{} 0 obj\n", i + 1).as_bytes());
            file.extend_from_slice(object);
            file.extend_from_slice(b"\nendobj\n");
        }
        let start = file.len();
        let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1);
        for place in &places {
            writeln!(table, "{place:010} 00000 n ").unwrap();
        }
        write!(
            table,
            "trailer\n<< /Size {} /Root 1 0 R {} >>\nstartxref\n{start}\n%%EOF\n",
            places.len() + 1,
            self.trailer.replace("START", &start.to_string())
        )
        .unwrap();
        file.extend_from_slice(table.as_bytes());
        file
    }
}

/// Resources of a page with Helvetica as F1.
pub const HELVETICA: &str = "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica \
                             /Encoding /WinAnsiEncoding >> >> >>";

/// A page in one simple font with a map to Unicode and an encoding of the test's making.
pub fn page_in_font(map: &str, encoding: &str) -> Vec<u8> {
    let mut writer = Writer::new();
    let map = format!(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def\n\
         1 begincodespacerange <00> <ff> endcodespacerange\n1 beginbfrange <20> <2f> <0020> endbfrange\n\
         {map} endcmap end end"
    );
    let map = writer.stream("", map);
    let contents = writer.stream("", "BT /F1 10 Tf 100 700 Td (The fund lost $831 million in May.) Tj ET");
    let widths = ["500"; 91].join(" ");
    writer.page(
        &format!(
            "/Resources << /Font << /F1 << /Type /Font /Subtype /TrueType /BaseFont /Arial /FirstChar 32 /LastChar 122 \
             /Widths [{widths}] /ToUnicode {map} 0 R {encoding} >> >> >>"
        ),
        contents,
    );
    writer.finish()
}

/// Maps of codes to letters: as the codes are, and one digit taken for another.
pub const AS_CODED: &str =
    "1 beginbfrange <30> <39> <0030> endbfrange 1 beginbfrange <41> <7a> <0041> endbfrange";
pub const EIGHT_FOR_THREE: &str = "1 beginbfchar <33> <0038> endbfchar";
pub const WIN_ANSI: &str = "/Encoding /WinAnsiEncoding";
