//! How a person is called. Some have one name alone, as in files of other programs: a dash stands where the first name would be, and is
//! shown to nobody. The same in SQL: `short_name`, `full_name` (migration 0340).

/// Stands where a person's first name is not known.
pub const NO_NAME: &str = "—";

/// The first letter of a name; none of what stands for nothing.
fn letter(name: &str) -> Option<char> {
    name.chars().next().filter(|c| c.is_alphanumeric())
}

/// «Волкова Елена Андреевна».
#[must_use]
pub fn full(last: &str, first: &str, middle: Option<&str>) -> String {
    let parts = [Some(last), Some(first).filter(|f| *f != NO_NAME), middle];
    let parts = parts.into_iter().flatten().filter(|p| !p.is_empty());
    parts.collect::<Vec<_>>().join(" ")
}

/// «Волкова Е. А.»
#[must_use]
pub fn short(last: &str, first: &str, middle: Option<&str>) -> String {
    let mut out = last.to_owned();
    for letter in [Some(first), middle].into_iter().flatten().filter_map(letter) {
        out.push(' ');
        out.push(letter);
        out.push('.');
    }
    out
}

/// «Е. А. Волкова»: as the person is greeted.
#[must_use]
pub fn signed(last: &str, first: &str, middle: Option<&str>) -> String {
    let mut out = String::new();
    for letter in [Some(first), middle].into_iter().flatten().filter_map(letter) {
        out.push(letter);
        out.push_str(". ");
    }
    out.push_str(last);
    out
}

/// «ЕВ»; of one name its first letter.
#[must_use]
pub fn initials(last: &str, first: &str) -> String {
    letter(first).into_iter().chain(letter(last)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_written_by_its_parts() {
        let whole = ("Волкова", "Елена", Some("Андреевна"));
        assert_eq!(full(whole.0, whole.1, whole.2), "Волкова Елена Андреевна");
        assert_eq!(short(whole.0, whole.1, whole.2), "Волкова Е. А.");
        assert_eq!(signed(whole.0, whole.1, whole.2), "Е. А. Волкова");
        assert_eq!(initials(whole.0, whole.1), "ЕВ");
        assert_eq!(short("Волкова", "Елена", None), "Волкова Е.");
    }

    #[test]
    fn of_one_name_there_is_one_and_no_dash() {
        assert_eq!(full("Smith", NO_NAME, None), "Smith");
        assert_eq!(short("Smith", NO_NAME, None), "Smith");
        assert_eq!(signed("Smith", NO_NAME, None), "Smith");
        assert_eq!(initials("Smith", NO_NAME), "S");
    }
}
