//! Turns a crate's language files into plain functions, one a text, at build time.
//!
//! A crate keeps `texts/ru.json` and `texts/en.json`, calls [`generate`] from its `build.rs` and includes the outcome:
//! `pub mod t { include!(concat!(env!("OUT_DIR"), "/texts.rs")); }`. Then `t::save(lang)` is a `&'static str`, and
//! `t::greeting(lang, "Анна")` a `String`. A key that one language lacks, or a placeholder that differs, fails the build.
//!
//! Shapes of a value: `"text"`, `"text with {name}"` (a parameter of any `Display`), or plural forms
//! `{"one": "{n} урок", "few": "{n} урока", "many": "{n} уроков"}` (English: `one`, `other`), chosen by `n: i64`.
//! Objects that are no plural forms group keys: `{"grid": {"saved": …}}` becomes `grid_saved`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

/// The languages, in the order of [`base::Lang`]'s variants.
const LANGUAGES: [(&str, &str); 2] = [("ru", "Ru"), ("en", "En")];
const FORMS: [&str; 4] = ["one", "few", "many", "other"];

/// One text in one language.
#[derive(Clone, Debug, PartialEq)]
enum Text {
    Plain(String),
    Plural(BTreeMap<String, String>),
}

/// Reads `texts/{ru,en}.json` of the crate being built and writes `$OUT_DIR/texts.rs`.
/// `lang` is the path of the `Lang` type as the crate sees it: `crate::Lang` in `base`, `base::Lang` elsewhere.
///
/// # Errors
/// A sentence that says which file and key is wrong; `build.rs` returns it and the build stops.
pub fn generate(lang: &str) -> Result<(), String> {
    let root = std::env::var("CARGO_MANIFEST_DIR").map_err(|e| e.to_string())?;
    let out = std::env::var("OUT_DIR").map_err(|e| e.to_string())?;
    let mut files = Vec::new();
    for (code, _) in LANGUAGES {
        let path = Path::new(&root).join("texts").join(format!("{code}.json"));
        let body = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        files.push(read(&body).map_err(|e| format!("{}: {e}", path.display()))?);
    }
    let code = write(lang, &files)?;
    std::fs::write(Path::new(&out).join("texts.rs"), code).map_err(|e| e.to_string())
}

fn read(body: &str) -> Result<BTreeMap<String, Text>, String> {
    let value: Value = serde_json::from_str(body).map_err(|e| e.to_string())?;
    let mut texts = BTreeMap::new();
    flatten("", &value, &mut texts)?;
    Ok(texts)
}

fn flatten(prefix: &str, value: &Value, into: &mut BTreeMap<String, Text>) -> Result<(), String> {
    match value {
        Value::String(s) => {
            into.insert(prefix.to_owned(), Text::Plain(s.clone()));
            Ok(())
        }
        Value::Object(map) if !map.is_empty() && map.keys().all(|k| FORMS.contains(&k.as_str())) => {
            let mut forms = BTreeMap::new();
            for (form, text) in map {
                let text = text
                    .as_str()
                    .ok_or_else(|| format!("{prefix}.{form} is no text"))?;
                forms.insert(form.clone(), text.to_owned());
            }
            into.insert(prefix.to_owned(), Text::Plural(forms));
            Ok(())
        }
        Value::Object(map) => {
            for (key, inner) in map {
                let name = if prefix.is_empty() {
                    key.clone()
                } else {
                    format!("{prefix}_{key}")
                };
                flatten(&name, inner, into)?;
            }
            Ok(())
        }
        _ => Err(format!("{prefix} is neither a text nor a group")),
    }
}

/// The names in braces, in order of appearance, each once.
fn placeholders(text: &str) -> Result<Vec<String>, String> {
    let mut names: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        let after = &rest[start + 1..];
        let end = after
            .find('}')
            .ok_or_else(|| format!("unclosed brace in «{text}»"))?;
        let name = &after[..end];
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_lowercase() || c == '_') {
            return Err(format!("placeholder «{name}» in «{text}»"));
        }
        if !names.iter().any(|n| n == name) {
            names.push(name.to_owned());
        }
        rest = &after[end + 1..];
    }
    Ok(names)
}

fn names_of(text: &Text) -> Result<Vec<String>, String> {
    let mut names = match text {
        Text::Plain(s) => placeholders(s)?,
        Text::Plural(forms) => {
            let mut all = Vec::new();
            for form in forms.values() {
                all.extend(placeholders(form)?);
            }
            all
        }
    };
    names.sort();
    names.dedup();
    Ok(names)
}

fn write(lang: &str, files: &[BTreeMap<String, Text>]) -> Result<String, String> {
    let (Some(first), Some(second)) = (files.first(), files.get(1)) else {
        return Err("two languages are needed".to_owned());
    };
    for (one, other, code) in [(first, second, "en"), (second, first, "ru")] {
        if let Some(key) = one.keys().find(|k| !other.contains_key(*k)) {
            return Err(format!("{code}.json lacks «{key}»"));
        }
    }
    let mut code = String::from("// Written by the crate `texts` from the language files.\n");
    for (key, russian) in first {
        let english = &second[key];
        function(&mut code, lang, key, &[russian, english])?;
    }
    Ok(code)
}

fn function(code: &mut String, lang: &str, key: &str, texts: &[&Text]) -> Result<(), String> {
    if !key
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    {
        return Err(format!(
            "key «{key}»: lower-case latin letters, digits and _ only"
        ));
    }
    let plural = texts.iter().any(|t| matches!(t, Text::Plural(_)));
    if plural && !texts.iter().all(|t| matches!(t, Text::Plural(_))) {
        return Err(format!("«{key}» is plural in one language only"));
    }
    let mut names = Vec::new();
    for (text, (language, _)) in texts.iter().zip(LANGUAGES) {
        let here: Vec<String> = names_of(text)?
            .into_iter()
            .filter(|n| !(plural && n == "n"))
            .collect();
        if language == LANGUAGES[0].0 {
            names = here;
        } else if here != names {
            return Err(format!("«{key}» has other placeholders in {language}.json"));
        }
    }
    let doc = match texts[0] {
        Text::Plain(s) => s.clone(),
        Text::Plural(forms) => forms.values().next().cloned().unwrap_or_default(),
    };
    let simple = !plural && names.is_empty();
    let mut parameters = format!("lang: {lang}");
    if plural {
        parameters.push_str(", n: i64");
    }
    for name in &names {
        let _ = write!(parameters, ", {name}: impl std::fmt::Display");
    }
    let result = if simple { "&'static str" } else { "String" };
    let _ = writeln!(
        code,
        "/// {}",
        doc.replace('\n', " ")
            .replace('[', "(")
            .replace(']', ")")
            .replace('<', "‹")
            .replace('>', "›")
    );
    let _ = writeln!(
        code,
        "#[must_use]\npub fn {key}({parameters}) -> {result} {{\n    match lang {{"
    );
    for (text, (_, variant)) in texts.iter().zip(LANGUAGES) {
        let arm = match text {
            Text::Plain(s) if simple => format!("{s:?}"),
            Text::Plain(s) => format!("format!({s:?})"),
            Text::Plural(forms) => plural_arm(key, variant, forms)?,
        };
        let _ = writeln!(code, "        {lang}::{variant} => {arm},");
    }
    code.push_str("    }\n}\n");
    Ok(())
}

fn plural_arm(key: &str, variant: &str, forms: &BTreeMap<String, String>) -> Result<String, String> {
    let form = |name: &str| {
        forms
            .get(name)
            .map(|f| format!("format!({f:?})"))
            .ok_or_else(|| format!("«{key}» lacks the form «{name}» ({variant})"))
    };
    Ok(if variant == "Ru" {
        format!(
            "match (n.abs() % 10, n.abs() % 100) {{ (1, r) if r != 11 => {}, (2..=4, r) if !(12..=14).contains(&r) => {}, _ => {} }}",
            form("one")?,
            form("few")?,
            form("many")?
        )
    } else {
        format!(
            "if n.abs() == 1 {{ {} }} else {{ {} }}",
            form("one")?,
            form("other")?
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_placeholders_and_plurals_become_functions() {
        let ru = read(r#"{"a":"Да","g":{"hi":"Привет, {name}"},"l":{"one":"{n} урок","few":"{n} урока","many":"{n} уроков"}}"#).unwrap();
        let en =
            read(r#"{"a":"Yes","g":{"hi":"Hello {name}"},"l":{"one":"{n} lesson","other":"{n} lessons"}}"#)
                .unwrap();
        let code = write("base::Lang", &[ru, en]).unwrap();
        assert!(code.contains("pub fn a(lang: base::Lang) -> &'static str"));
        assert!(code.contains("pub fn g_hi(lang: base::Lang, name: impl std::fmt::Display) -> String"));
        assert!(code.contains("pub fn l(lang: base::Lang, n: i64) -> String"));
        assert!(code.contains("(1, r) if r != 11"));
    }

    #[test]
    fn a_text_that_one_language_lacks_or_fills_otherwise_stops_the_build() {
        let ru = read(r#"{"a":"Да","b":"Нет {x}"}"#).unwrap();
        let lacking = read(r#"{"a":"Yes"}"#).unwrap();
        assert!(
            write("L", &[ru.clone(), lacking])
                .unwrap_err()
                .contains("en.json lacks «b»")
        );
        let other = read(r#"{"a":"Yes","b":"No {y}"}"#).unwrap();
        assert!(
            write("L", &[ru, other])
                .unwrap_err()
                .contains("other placeholders")
        );
    }
}
