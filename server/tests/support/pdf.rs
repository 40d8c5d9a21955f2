//! What a PDF says, read from the file itself: its streams are unpacked, its letters looked up in the tables that let people search and copy
//! (`ToUnicode`). Enough for the files that we make, not for those of others.

use std::io::Read as _;

use flate2::read::ZlibDecoder;

/// All words of the file without spaces, read once by the table of each font: what was set in that font can be read there.
pub fn words(pdf: &[u8]) -> Vec<String> {
    let streams: Vec<Vec<u8>> = streams(pdf);
    let tables: Vec<Vec<(u16, String)>> = streams
        .iter()
        .map(|s| String::from_utf8_lossy(s).into_owned())
        .filter(|s| s.contains("beginbfchar") || s.contains("beginbfrange"))
        .map(|s| table(&s))
        .collect();
    let shown: Vec<u16> = streams
        .iter()
        .filter(|s| has(s, b" Tf") && (has(s, b"TJ") || has(s, b"Tj")))
        .flat_map(|s| glyphs(s))
        .collect();
    let by = |table: &Vec<(u16, String)>| {
        let found = shown.iter().filter_map(|g| table.iter().find(|(id, _)| id == g));
        let text: String = found.map(|(_, letters)| letters.as_str()).collect();
        text.chars()
            .filter(|c| !c.is_whitespace() && *c != '\u{200b}')
            .collect()
    };
    tables.iter().map(by).collect()
}

fn has(all: &[u8], part: &[u8]) -> bool {
    place(all, part).is_some()
}

fn place(all: &[u8], part: &[u8]) -> Option<usize> {
    all.windows(part.len()).position(|w| w == part)
}

fn streams(pdf: &[u8]) -> Vec<Vec<u8>> {
    let mut found = vec![];
    let mut rest = pdf;
    while let Some(begin) = place(rest, b"stream\n").or_else(|| place(rest, b"stream\r\n")) {
        let body = &rest[begin + 7..];
        let body = body.strip_prefix(b"\n").unwrap_or(body);
        let Some(end) = place(body, b"endstream") else {
            break;
        };
        let mut plain = vec![];
        if ZlibDecoder::new(&body[..end]).read_to_end(&mut plain).is_err() || plain.is_empty() {
            plain = body[..end].to_vec();
        }
        found.push(plain);
        rest = &body[end + 9..];
    }
    found
}

/// `<0024> <0410>` of a table, and its ranges.
fn table(text: &str) -> Vec<(u16, String)> {
    let hex = |word: &str| word.trim_matches(['<', '>']).to_owned();
    let id = |word: &str| u16::from_str_radix(&hex(word), 16).ok();
    let letters = |word: &str| {
        let units: Vec<u16> = hex(word)
            .as_bytes()
            .chunks(4)
            .filter_map(|four| u16::from_str_radix(std::str::from_utf8(four).ok()?, 16).ok())
            .collect();
        String::from_utf16_lossy(&units)
    };
    let mut out = vec![];
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            [glyph, to] if glyph.starts_with('<') && to.starts_with('<') => {
                out.extend(id(glyph).map(|glyph| (glyph, letters(to))));
            }
            [from, until, to] if from.starts_with('<') && until.starts_with('<') && to.starts_with('<') => {
                if let (Some(from), Some(until), Some(first)) =
                    (id(from), id(until), letters(to).chars().next())
                {
                    for (n, glyph) in (0u32..).zip(from..=until) {
                        let letter = char::from_u32(u32::from(first) + n);
                        out.extend(letter.map(|letter| (glyph, letter.to_string())));
                    }
                }
            }
            _ => {}
        }
    }
    out
}

/// The glyphs of the strings that a page shows: two bytes each.
fn glyphs(page: &[u8]) -> Vec<u16> {
    let (mut out, mut at) = (vec![], 0);
    while at < page.len() {
        let string = match page[at] {
            b'(' => literal(page, &mut at),
            b'<' if page.get(at + 1) == Some(&b'<') => {
                at += 2;
                continue;
            }
            b'<' => hexadecimal(page, &mut at),
            _ => {
                at += 1;
                continue;
            }
        };
        out.extend(
            string
                .chunks_exact(2)
                .map(|two| u16::from_be_bytes([two[0], two[1]])),
        );
    }
    out
}

fn hexadecimal(page: &[u8], at: &mut usize) -> Vec<u8> {
    let end = page[*at..]
        .iter()
        .position(|b| *b == b'>')
        .map_or(page.len(), |n| *at + n);
    let digits: Vec<u8> = page[*at + 1..end]
        .iter()
        .copied()
        .filter(u8::is_ascii_hexdigit)
        .collect();
    *at = end + 1;
    digits
        .chunks_exact(2)
        .filter_map(|two| u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok())
        .collect()
}

fn literal(page: &[u8], at: &mut usize) -> Vec<u8> {
    let (mut out, mut depth) = (vec![], 0);
    while *at < page.len() {
        let byte = page[*at];
        *at += 1;
        match byte {
            b'\\' => {
                let next = page.get(*at).copied().unwrap_or_default();
                *at += 1;
                match next {
                    b'n' => out.push(b'\n'),
                    b'r' => out.push(b'\r'),
                    b't' => out.push(b'\t'),
                    b'b' => out.push(8),
                    b'f' => out.push(12),
                    b'0'..=b'7' => {
                        let mut value = u32::from(next - b'0');
                        while let Some(digit @ b'0'..=b'7') = page.get(*at).copied().filter(|_| value < 32) {
                            value = value * 8 + u32::from(digit - b'0');
                            *at += 1;
                        }
                        out.push(u8::try_from(value).unwrap_or_default());
                    }
                    other => out.push(other),
                }
            }
            b'(' => {
                depth += 1;
                if depth > 1 {
                    out.push(byte);
                }
            }
            b')' => {
                depth -= 1;
                if depth == 0 {
                    break;
                }
                out.push(byte);
            }
            _ => out.push(byte),
        }
    }
    out
}
