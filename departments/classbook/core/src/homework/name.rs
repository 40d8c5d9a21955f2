//! The name of a file that came from somebody's device, made safe for everybody else's: no path, nothing invisible, the ending that its
//! content has. The server never opens anything by it (docs/decisions/0022).

use super::FileKind;

/// The longest name, ending included.
pub const LONGEST: usize = 120;
/// What a file is called whose name leaves nothing.
const NAMELESS: &str = "file";
/// Names that Windows keeps for itself.
const RESERVED: &[&str] = &["con", "prn", "aux", "nul"];

/// Characters that are not seen or turn the reading direction: `photo\u{202e}gpj.exe` reads `photoexe.jpg`.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// The ending of a name, small letters, without the dot; "" without one.
#[must_use]
pub fn ending(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let cleaned: String = last
        .chars()
        .filter(|c| !c.is_control() && !is_invisible(*c))
        .collect();
    let ending = cleaned
        .trim()
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_lowercase());
    ending.unwrap_or_default()
}

/// The name to keep.
#[must_use]
pub fn safe(name: &str, kind: FileKind) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let seen: String = last
        .chars()
        .filter(|c| !c.is_control() && !is_invisible(*c))
        .collect();
    let found = ending(&seen);
    let own = kind.endings().iter().copied().find(|e| *e == found);
    let stem = match own {
        Some(_) => seen.trim().rsplit_once('.').map_or("", |(stem, _)| stem),
        None => seen.trim(),
    };
    let ending = own.or_else(|| kind.endings().first().copied()).unwrap_or("bin");
    let stem: String = stem
        .chars()
        .map(|c| if "<>:\"|?*;%".contains(c) { '_' } else { c })
        .collect();
    // a dot or dash at the beginning hides a file or reads as an option, a dot at the end is lost on Windows
    let stem = stem.trim_matches(|c: char| c == '.' || c == '-' || c.is_whitespace());
    let most = LONGEST.saturating_sub(ending.len() + 1);
    let stem: String = stem.chars().take(most).collect();
    let stem = stem.trim_end_matches(|c: char| c == '.' || c == '-' || c.is_whitespace());
    let first = stem.split('.').next().unwrap_or_default().trim().to_lowercase();
    let numbered = first.len() == 4
        && (first.starts_with("com") || first.starts_with("lpt"))
        && first.ends_with(|c: char| c.is_ascii_digit());
    if stem.is_empty() {
        format!("{NAMELESS}.{ending}")
    } else if RESERVED.contains(&first.as_str()) || numbered {
        let shorter: String = stem.chars().take(most.saturating_sub(1)).collect();
        let shorter = shorter.trim_end_matches(|c: char| c == '.' || c == '-' || c.is_whitespace());
        format!("_{shorter}.{ending}")
    } else {
        format!("{stem}.{ending}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_as_devices_give_them() {
        for (given, kept) in [
            ("Задание 7А.pdf", "Задание 7А.pdf"),
            ("C:\\Users\\Анна\\План.PDF", "План.pdf"),
            ("../../etc/passwd", "passwd.pdf"),
            ("..", "file.pdf"),
            ("", "file.pdf"),
            (".pdf", "file.pdf"),
            ("con.pdf", "_con.pdf"),
            ("COM1.отчёт.pdf", "_COM1.отчёт.pdf"),
            ("photo\u{202e}fdp.exe", "photofdp.exe.pdf"),
            ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
            ("-rf.pdf", "rf.pdf"),
            ("x.exe.pdf", "x.exe.pdf"),
        ] {
            assert_eq!(safe(given, FileKind::Pdf), kept, "{given:?}");
        }
        assert_eq!(safe("скан.JPG", FileKind::Jpeg), "скан.jpg");
    }

    proptest! {
        #[test]
        fn whatever_comes_the_name_is_harmless(given in "\\PC{0,200}|[./\\\\:\u{0}-\u{20}\u{202e}а-я]{0,40}", n in 0..FileKind::ALL.len()) {
            let kind = FileKind::ALL[n];
            let name = safe(&given, kind);
            prop_assert!(!name.contains(['/', '\\', '"', '<', '>', ':', '|', '?', '*', ';', '%']), "{name:?}");
            prop_assert!(!name.chars().any(|c| c.is_control() || is_invisible(c)));
            prop_assert!(!name.starts_with(['.', '-', ' ']) && name.chars().count() <= LONGEST);
            let ends = ending(&name);
            prop_assert!(kind.endings().contains(&ends.as_str()), "{name:?}");
            prop_assert_eq!(safe(&name, kind), name);
        }
    }
}
