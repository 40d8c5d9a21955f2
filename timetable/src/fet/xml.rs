//! Bytes to elements, one subtree at a time, refusing what no school writes.

use super::error::{FetError, FetReason, shortened};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Most bytes of a file.
pub const MAX_BYTES: u32 = 32 * 1024 * 1024;
/// Most levels of elements.
pub const MAX_DEPTH: u32 = 32;
/// Most elements inside one item of a list: an element takes far more memory than its bytes in the file.
pub const MAX_INSIDE: u32 = 500_000;
/// Most bytes of the text of one element.
pub const MAX_TEXT: u32 = 64 * 1024;

/// An element with what is inside it.
#[derive(Clone, Debug, Default)]
pub struct Node {
    /// Name of the element.
    pub name: String,
    /// Its own text.
    pub text: String,
    /// Elements in it.
    pub children: Vec<Node>,
    /// Line of its start tag.
    pub line: u32,
}

impl Node {
    /// The first child of that name.
    #[must_use]
    pub fn child(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|c| c.name == name)
    }

    /// All children of that name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Node> {
        self.children.iter().filter(move |c| c.name == name)
    }

    /// The text of the first child of that name, empty if there is none.
    #[must_use]
    pub fn text_of(&self, name: &str) -> &str {
        self.child(name).map_or("", |c| c.text.as_str())
    }
}

/// What a [`Source`] gives.
pub enum Step {
    /// An element starts; its attribute `version`, if any.
    Start(String, Option<String>),
    /// The present element ends.
    End,
    /// The file ends, all elements closed.
    Eof,
}

/// Reads elements and keeps the line.
pub struct Source<'a> {
    text: &'a str,
    reader: Reader<&'a [u8]>,
    counted: usize,
    line: u32,
    open: Vec<String>,
}

impl<'a> Source<'a> {
    /// Checks size and encoding.
    ///
    /// # Errors
    /// [`FetReason::TooLarge`], [`FetReason::NotUtf8`].
    pub fn new(bytes: &'a [u8]) -> Result<Self, FetError> {
        if bytes.len() > crate::ids::wide(MAX_BYTES) {
            return Err(FetError {
                line: 1,
                reason: FetReason::TooLarge { limit: MAX_BYTES },
            });
        }
        let text = std::str::from_utf8(bytes).map_err(|e| {
            let line = 1 + newlines(&bytes[..e.valid_up_to()]);
            FetError {
                line,
                reason: FetReason::NotUtf8,
            }
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Ok(Self {
            text,
            reader,
            counted: 0,
            line: 1,
            open: vec![],
        })
    }

    /// The line that reading has reached.
    pub fn line(&mut self) -> u32 {
        let now = usize::try_from(self.reader.buffer_position())
            .unwrap_or(0)
            .min(self.text.len());
        if now > self.counted {
            self.line = self
                .line
                .saturating_add(newlines(&self.text.as_bytes()[self.counted..now]));
            self.counted = now;
        }
        self.line
    }

    /// An error at the present line.
    pub fn refuse(&mut self, reason: FetReason) -> FetError {
        FetError {
            line: self.line(),
            reason,
        }
    }

    /// The next start or end of an element; text goes to `text`.
    ///
    /// # Errors
    /// Everything that [`FetReason`] says about XML.
    pub fn step(&mut self, text: &mut String) -> Result<Step, FetError> {
        loop {
            let event = match self.reader.read_event() {
                Ok(event) => event,
                Err(e) => return Err(self.broken(&e)),
            };
            match event {
                Event::Start(start) => {
                    let name = String::from_utf8_lossy(start.name().as_ref()).into_owned();
                    if crate::ids::narrow(self.open.len()) >= MAX_DEPTH {
                        return Err(self.refuse(FetReason::TooDeep { limit: MAX_DEPTH }));
                    }
                    let version = if self.open.is_empty() {
                        self.version(&start)?
                    } else {
                        None
                    };
                    self.open.push(name.clone());
                    return Ok(Step::Start(name, version));
                }
                Event::End(_) => {
                    self.open.pop();
                    return Ok(Step::End);
                }
                Event::Text(t) => match t.xml_content() {
                    Ok(t) => self.append(text, &t)?,
                    Err(_) => return Err(self.refuse(FetReason::NotUtf8)),
                },
                Event::CData(t) => {
                    let t = String::from_utf8_lossy(&t).into_owned();
                    self.append(text, &t)?;
                }
                Event::GeneralRef(r) => {
                    let name = String::from_utf8_lossy(&r).into_owned();
                    let plain = match name.as_str() {
                        "lt" => Some('<'),
                        "gt" => Some('>'),
                        "amp" => Some('&'),
                        "apos" => Some('\''),
                        "quot" => Some('"'),
                        _ => r.resolve_char_ref().ok().flatten(),
                    };
                    let Some(plain) = plain else {
                        return Err(self.refuse(FetReason::Entity {
                            name: shortened(&name),
                        }));
                    };
                    self.append(text, plain.encode_utf8(&mut [0; 4]))?;
                }
                Event::DocType(_) => return Err(self.refuse(FetReason::DocumentType)),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::Empty(_) => {}
                Event::Eof => {
                    return match self.open.last().cloned() {
                        Some(element) => Err(self.refuse(FetReason::Truncated {
                            element: shortened(&element),
                        })),
                        None => Ok(Step::Eof),
                    };
                }
            }
        }
    }

    /// The rest of the element that has just started, as a tree.
    ///
    /// # Errors
    /// As [`Source::step`].
    pub fn tree(&mut self, name: String) -> Result<Node, FetError> {
        let mut inside = 0;
        let mut stack = vec![Node {
            name,
            line: self.line(),
            ..Node::default()
        }];
        while let Some(top) = stack.last_mut() {
            let mut text = std::mem::take(&mut top.text);
            let step = self.step(&mut text)?;
            top.text = text;
            match step {
                Step::Start(name, _) => {
                    inside += 1;
                    if inside > MAX_INSIDE {
                        let (element, limit) = (shortened(&name), MAX_INSIDE);
                        return Err(self.refuse(FetReason::TooMany { element, limit }));
                    }
                    stack.push(Node {
                        name,
                        line: self.line(),
                        ..Node::default()
                    });
                }
                Step::End | Step::Eof => {
                    if let Some(done) = stack.pop() {
                        match stack.last_mut() {
                            Some(parent) => parent.children.push(done),
                            None => return Ok(done),
                        }
                    }
                }
            }
        }
        Ok(Node::default())
    }

    /// Leaves out the rest of the element that has just started.
    ///
    /// # Errors
    /// As [`Source::step`].
    pub fn skip(&mut self) -> Result<(), FetError> {
        let depth = self.open.len();
        let mut text = String::new();
        while self.open.len() >= depth {
            text.clear();
            self.step(&mut text)?;
        }
        Ok(())
    }

    /// Refuses text beside the root: whoever has cut or joined files should hear it.
    ///
    /// # Errors
    /// [`FetReason::NotXml`] with the text.
    pub fn must_be_blank(&mut self, text: &str, place: &str) -> Result<(), FetError> {
        if text.trim().is_empty() {
            return Ok(());
        }
        let detail = format!("text {place}: \"{}\"", shortened(text));
        Err(self.refuse(FetReason::NotXml { detail }))
    }

    fn append(&mut self, to: &mut String, more: &str) -> Result<(), FetError> {
        if to.len() + more.len() > crate::ids::wide(MAX_TEXT) {
            return Err(self.refuse(FetReason::TextTooLong { limit: MAX_TEXT }));
        }
        to.push_str(more);
        Ok(())
    }

    fn version(&mut self, start: &BytesStart<'_>) -> Result<Option<String>, FetError> {
        // whether two of them have one name is nobody's concern here, and takes long where there are many
        for attribute in start.attributes().with_checks(false) {
            let Ok(attribute) = attribute else {
                return Err(self.refuse(FetReason::NotXml {
                    detail: "an attribute is broken".to_owned(),
                }));
            };
            if attribute.key.as_ref() == b"version" {
                return Ok(Some(shortened(&String::from_utf8_lossy(&attribute.value))));
            }
        }
        Ok(None)
    }

    fn broken(&mut self, error: &quick_xml::Error) -> FetError {
        let detail = shortened(&error.to_string());
        let ended =
            self.reader.error_position() >= u64::try_from(self.text.trim_end().len()).unwrap_or(u64::MAX);
        let unclosed = matches!(error, quick_xml::Error::Syntax(_));
        match self.open.last().cloned() {
            Some(element) if unclosed || ended => self.refuse(FetReason::Truncated {
                element: shortened(&element),
            }),
            _ => self.refuse(FetReason::NotXml { detail }),
        }
    }
}

fn newlines(bytes: &[u8]) -> u32 {
    crate::ids::narrow(bytes.iter().filter(|b| **b == b'\n').count())
}
