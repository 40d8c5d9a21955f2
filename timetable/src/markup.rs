//! Bytes to a tree of elements with attributes, within bounds; entities other than XML's own five are refused, so nothing
//! expands.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::ids::{narrow, wide};

/// Most attributes of an element.
const MOST_ATTRIBUTES: u32 = 64;

/// Bounds of what is read.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Most bytes.
    pub bytes: u32,
    /// Most levels of elements.
    pub depth: u32,
    /// Most elements.
    pub elements: u32,
    /// Most bytes of one text or attribute.
    pub text: u32,
    /// Elements whose text is kept with the blanks around it, where nothing else is in them.
    pub exact: fn(&str) -> bool,
}

/// Where reading stopped and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Line, from one.
    pub line: u32,
    /// Reason.
    pub fault: MarkupFault,
}

/// Why a text is not taken as XML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MarkupFault {
    /// More bytes than allowed.
    TooLarge(u32),
    /// More levels than allowed.
    TooDeep(u32),
    /// More elements than allowed.
    TooMany(u32),
    /// More attributes of one element than allowed.
    TooManyAttributes(u32),
    /// A longer text than allowed.
    TextTooLong(u32),
    /// Not UTF-8.
    NotUtf8,
    /// A document type, which we do not read.
    DocumentType,
    /// An entity that XML does not define.
    Entity(String),
    /// Not XML, in the reader's words.
    NotXml(String),
    /// The text ends inside this element.
    Truncated(String),
    /// There is no element.
    Empty,
}

impl std::fmt::Display for MarkupFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TooLarge(most) => write!(f, "the file is larger than {most} bytes"),
            Self::TooDeep(most) => write!(f, "elements are nested deeper than {most} levels"),
            Self::TooMany(most) => write!(f, "the file has more than {most} elements"),
            Self::TooManyAttributes(most) => write!(f, "an element has more than {most} attributes"),
            Self::TextTooLong(most) => write!(f, "a text is longer than {most} bytes"),
            Self::NotUtf8 => f.write_str("the file is not UTF-8"),
            Self::DocumentType => f.write_str("document types are not read"),
            Self::Entity(name) => write!(f, "the entity {name} is not known"),
            Self::NotXml(words) => write!(f, "not XML: {words}"),
            Self::Truncated(name) => write!(f, "the file ends inside <{name}>"),
            Self::Empty => f.write_str("the file is empty"),
        }
    }
}

/// An element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    /// Its name.
    pub name: String,
    /// Its attributes.
    pub attributes: Vec<(String, String)>,
    /// Its own text, trimmed (see [`Bounds::exact`]).
    pub text: String,
    /// Elements in it.
    pub children: Vec<Element>,
    /// Line of its start.
    pub line: u32,
    /// From which byte of the document to which it stands, see [`source`].
    pub span: (u32, u32),
}

/// An element as it stands in the document that it was read from, byte by byte.
#[cfg(feature = "xhstt")]
pub fn source<'a>(bytes: &'a [u8], element: &Element) -> Option<&'a str> {
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let (from, to) = element.span;
    std::str::from_utf8(text.get(wide(from)..wide(to))?).ok()
}

impl Element {
    /// The first child of that name.
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|c| c.name == name)
    }

    /// The children of that name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |c| c.name == name)
    }

    /// The children of the child of that name.
    pub fn list(&self, name: &str) -> &[Self] {
        self.child(name).map_or(&[], |c| c.children.as_slice())
    }

    /// An attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|a| a.0 == name);
        found.map(|a| a.1.as_str())
    }

    /// The text of the first child of that name.
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|c| c.text.as_str())
    }
}

/// Reads one document.
pub fn read(bytes: &[u8], bounds: Bounds) -> Result<Element, Broken> {
    let at = |line, fault| Broken { line, fault };
    if bytes.len() > wide(bounds.bytes) {
        return Err(at(1, MarkupFault::TooLarge(bounds.bytes)));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|e| at(1 + newlines(&bytes[..e.valid_up_to()]), MarkupFault::NotUtf8))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    Source {
        text,
        reader: Reader::from_str(text),
        bounds,
        counted: 0,
        line: 1,
        elements: 0,
        open: vec![],
        root: None,
    }
    .run()
}

struct Source<'a> {
    text: &'a str,
    reader: Reader<&'a [u8]>,
    bounds: Bounds,
    counted: usize,
    line: u32,
    elements: u32,
    open: Vec<Element>,
    root: Option<Element>,
}

impl Source<'_> {
    fn refuse<T>(&mut self, fault: MarkupFault) -> Result<T, Broken> {
        let line = self.line();
        Err(Broken { line, fault })
    }

    fn line(&mut self) -> u32 {
        let now = self.reached();
        if now > self.counted {
            self.line = self
                .line
                .saturating_add(newlines(&self.text.as_bytes()[self.counted..now]));
            self.counted = now;
        }
        self.line
    }

    fn run(mut self) -> Result<Element, Broken> {
        loop {
            match self.reader.read_event() {
                Ok(Event::Start(start)) => self.start(&start, "<>".len())?,
                Ok(Event::Empty(start)) => {
                    self.start(&start, "</>".len())?;
                    self.end();
                }
                Ok(Event::End(_)) => self.end(),
                Ok(Event::Text(text)) => match text.xml_content() {
                    Ok(text) => self.append(&text)?,
                    Err(_) => return self.refuse(MarkupFault::NotUtf8),
                },
                Ok(Event::CData(text)) => self.append(&String::from_utf8_lossy(&text))?,
                Ok(Event::GeneralRef(name)) => {
                    let plain = match name.resolve_char_ref() {
                        Ok(Some(plain)) => Some(plain),
                        _ => entity(&String::from_utf8_lossy(&name)),
                    };
                    match plain {
                        Some(plain) => self.append(plain.encode_utf8(&mut [0; 4]))?,
                        None => {
                            let name = shortened(&String::from_utf8_lossy(&name));
                            return self.refuse(MarkupFault::Entity(name));
                        }
                    }
                }
                Ok(Event::DocType(_)) => return self.refuse(MarkupFault::DocumentType),
                Ok(Event::Comment(_) | Event::Decl(_) | Event::PI(_)) => {}
                Ok(Event::Eof) => {
                    if let Some(open) = self.open.last() {
                        let name = shortened(&open.name);
                        return self.refuse(MarkupFault::Truncated(name));
                    }
                    return match self.root.take() {
                        Some(root) => Ok(root),
                        None => self.refuse(MarkupFault::Empty),
                    };
                }
                Err(error) => {
                    let fault = MarkupFault::NotXml(shortened(&error.to_string()));
                    return self.refuse(fault);
                }
            }
        }
    }

    /// How many bytes of the document are read.
    fn reached(&self) -> usize {
        let now = usize::try_from(self.reader.buffer_position()).unwrap_or(0);
        now.min(self.text.len())
    }

    /// An element starts; of its tag the reader gives all but so many bytes.
    fn start(&mut self, start: &BytesStart<'_>, around: usize) -> Result<(), Broken> {
        self.elements += 1;
        if self.elements > self.bounds.elements {
            return self.refuse(MarkupFault::TooMany(self.bounds.elements));
        }
        if self.open.len() >= wide(self.bounds.depth) {
            return self.refuse(MarkupFault::TooDeep(self.bounds.depth));
        }
        if self.open.is_empty() && self.root.is_some() {
            let second = String::from_utf8_lossy(start.name().as_ref()).into_owned();
            let words = format!("a second root element, <{}>", shortened(&second));
            return self.refuse(MarkupFault::NotXml(words));
        }
        let mut attributes = vec![];
        for attribute in start.attributes() {
            let Ok(attribute) = attribute else {
                return self.refuse(MarkupFault::NotXml("a broken attribute".to_owned()));
            };
            let key = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
            let Ok(value) = attribute.unescape_value() else {
                return self.refuse(MarkupFault::Entity(shortened(&key)));
            };
            if value.len() > wide(self.bounds.text) {
                return self.refuse(MarkupFault::TextTooLong(self.bounds.text));
            }
            // before the next is looked at: each is held against all before it
            if attributes.len() >= wide(MOST_ATTRIBUTES) {
                return self.refuse(MarkupFault::TooManyAttributes(MOST_ATTRIBUTES));
            }
            attributes.push((key, value.into_owned()));
        }
        let name = String::from_utf8_lossy(start.name().as_ref()).into_owned();
        let line = self.line();
        let from = self.reached().saturating_sub(start.len() + around);
        self.open.push(Element {
            name,
            attributes,
            line,
            span: (narrow(from), 0),
            ..Element::default()
        });
        Ok(())
    }

    fn end(&mut self) {
        let to = narrow(self.reached());
        if let Some(mut done) = self.open.pop() {
            done.span.1 = to;
            let exact = done.children.is_empty() && (self.bounds.exact)(&done.name);
            if !exact && done.text.trim().len() != done.text.len() {
                done.text = done.text.trim().to_owned();
            }
            match self.open.last_mut() {
                Some(parent) => parent.children.push(done),
                None => self.root = Some(done),
            }
        }
    }

    fn append(&mut self, more: &str) -> Result<(), Broken> {
        let most = wide(self.bounds.text);
        let Some(top) = self.open.last_mut() else {
            if more.trim().is_empty() {
                return Ok(());
            }
            let more = shortened(more.trim());
            let fault = match &self.root {
                Some(root) => format!("after the end of <{}> there is more: \"{more}\"", root.name),
                None => format!("before the first element there is text: \"{more}\""),
            };
            return self.refuse(MarkupFault::NotXml(fault));
        };
        // White space between elements is not worth keeping.
        if top.text.is_empty() && more.trim().is_empty() && !(self.bounds.exact)(&top.name) {
            return Ok(());
        }
        if top.text.len() + more.len() > most {
            return self.refuse(MarkupFault::TextTooLong(self.bounds.text));
        }
        top.text.push_str(more);
        Ok(())
    }
}

fn entity(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "apos" => Some('\''),
        "quot" => Some('"'),
        _ => None,
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(80).collect()
}

fn newlines(bytes: &[u8]) -> u32 {
    narrow(bytes.iter().filter(|b| **b == b'\n').count())
}

impl Element {
    /// An element with text only.
    #[cfg(feature = "schools")]
    pub fn of_text(name: &str, text: &str) -> Self {
        Self {
            name: name.to_owned(),
            text: text.to_owned(),
            ..Self::default()
        }
    }

    /// The element with everything in it as XML.
    #[cfg(feature = "schools")]
    pub fn write(&self, w: &mut Writer) {
        let attributes: Vec<(&str, &str)> = self
            .attributes
            .iter()
            .map(|(k, v)| (k.as_str(), v.as_str()))
            .collect();
        if self.children.is_empty() {
            w.tag(&self.name, &attributes);
            w.out.push('>');
            w.out.push_str(&quick_xml::escape::escape(&self.text));
            w.out.push_str("</");
            w.out.push_str(&self.name);
            w.out.push_str(">\n");
        } else {
            w.open(&self.name, &attributes);
            if !self.text.is_empty() {
                w.out.push_str(&quick_xml::escape::escape(&self.text));
                w.out.push('\n');
            }
            for child in &self.children {
                child.write(w);
            }
            w.close();
        }
    }
}

/// Writes elements, indented by tabs.
pub struct Writer {
    out: String,
    open: Vec<String>,
}

impl Writer {
    /// An empty document.
    pub fn new() -> Self {
        Self {
            out: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned(),
            open: vec![],
        }
    }

    fn tag(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.out.extend(std::iter::repeat_n('\t', self.open.len()));
        self.out.push('<');
        self.out.push_str(name);
        for (key, value) in attributes {
            self.out.push(' ');
            self.out.push_str(key);
            self.out.push_str("=\"");
            self.out.push_str(&quick_xml::escape::escape(*value));
            self.out.push('"');
        }
    }

    /// Starts an element.
    pub fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes);
        self.out.push_str(">\n");
        self.open.push(name.to_owned());
    }

    /// Ends the element that was started last.
    pub fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            self.out.extend(std::iter::repeat_n('\t', self.open.len()));
            self.out.push_str("</");
            self.out.push_str(&name);
            self.out.push_str(">\n");
        }
    }

    /// A comment; nothing for an empty text.
    #[cfg(feature = "schools")]
    pub fn comment(&mut self, text: &str) {
        if !text.trim().is_empty() {
            // two hyphens would end it
            let text: String = text
                .replace("--", "—")
                .chars()
                .map(|c| {
                    if c.is_control() && !matches!(c, '\n' | '\t') {
                        ' '
                    } else {
                        c
                    }
                })
                .collect();
            self.out.push_str("<!-- ");
            self.out.push_str(text.trim().trim_end_matches('-'));
            self.out.push_str(" -->\n");
        }
    }

    /// An element without content.
    #[cfg(any(feature = "schools", feature = "xhstt"))]
    pub fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes);
        self.out.push_str("/>\n");
    }

    /// An element with text only.
    #[cfg(any(feature = "fet", feature = "xhstt"))]
    pub fn text(&mut self, name: &str, text: &str) {
        self.tag(name, &[]);
        self.out.push('>');
        let text: String = text
            .chars()
            .map(|c| {
                if c.is_control() && !matches!(c, '\n' | '\t') {
                    ' '
                } else {
                    c
                }
            })
            .collect();
        self.out.push_str(&quick_xml::escape::escape(&text));
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push_str(">\n");
    }

    /// Markup as it is, on a line of its own.
    #[cfg(feature = "xhstt")]
    pub fn verbatim(&mut self, markup: &str) {
        self.out.extend(std::iter::repeat_n('\t', self.open.len()));
        self.out.push_str(markup);
        self.out.push('\n');
    }

    /// How many bytes are written.
    #[cfg(feature = "fet")]
    pub fn written(&self) -> usize {
        self.out.len()
    }

    /// The document.
    pub fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.out
    }
}
