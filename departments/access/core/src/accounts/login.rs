//! A login from a name: «Орлова Мария Сергеевна» → «orlova.ms».

/// The suggestion; `attempt` 0 is the plain one, later ones are numbered.
#[must_use]
pub fn suggest(last: &str, first: &str, middle: Option<&str>, attempt: u32) -> String {
    let mut login = latin(last);
    login.truncate(40);
    let initials: String = [Some(first), middle]
        .into_iter()
        .flatten()
        .filter_map(|n| latin(n).chars().next())
        .collect();
    if !initials.is_empty() {
        login = format!("{login}.{initials}");
    }
    // the shape asks for three characters that begin with a letter
    while login.chars().count() < 3 || login.starts_with('.') {
        login.insert(0, 'x');
    }
    if attempt > 0 {
        format!("{login}{}", attempt + 1)
    } else {
        login
    }
}

fn latin(name: &str) -> String {
    name.to_lowercase().chars().filter_map(letter).collect()
}

fn letter(c: char) -> Option<&'static str> {
    const PAIRS: &[(char, &str)] = &[
        ('а', "a"),
        ('б', "b"),
        ('в', "v"),
        ('г', "g"),
        ('д', "d"),
        ('е', "e"),
        ('ё', "e"),
        ('ж', "zh"),
        ('з', "z"),
        ('и', "i"),
        ('й', "y"),
        ('к', "k"),
        ('л', "l"),
        ('м', "m"),
        ('н', "n"),
        ('о', "o"),
        ('п', "p"),
        ('р', "r"),
        ('с', "s"),
        ('т', "t"),
        ('у', "u"),
        ('ф', "f"),
        ('х', "kh"),
        ('ц', "ts"),
        ('ч', "ch"),
        ('ш', "sh"),
        ('щ', "shch"),
        ('ъ', ""),
        ('ы', "y"),
        ('ь', ""),
        ('э', "e"),
        ('ю', "yu"),
        ('я', "ya"),
        ('a', "a"),
        ('b', "b"),
        ('c', "c"),
        ('d', "d"),
        ('e', "e"),
        ('f', "f"),
        ('g', "g"),
        ('h', "h"),
        ('i', "i"),
        ('j', "j"),
        ('k', "k"),
        ('l', "l"),
        ('m', "m"),
        ('n', "n"),
        ('o', "o"),
        ('p', "p"),
        ('q', "q"),
        ('r', "r"),
        ('s', "s"),
        ('t', "t"),
        ('u', "u"),
        ('v', "v"),
        ('w', "w"),
        ('x', "x"),
        ('y', "y"),
        ('z', "z"),
    ];
    PAIRS.iter().find(|(from, _)| *from == c).map(|(_, to)| *to)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_become_logins() {
        assert_eq!(suggest("Орлова", "Мария", Some("Сергеевна"), 0), "orlova.ms");
        assert_eq!(suggest("Щукин-Жуков", "Юрий", None, 0), "shchukinzhukov.y");
        assert_eq!(suggest("Ли", "Ян", None, 1), "li.y2");
        assert_eq!(suggest("王", "伟", None, 0), "xxx");
    }

    proptest! {
        #[test]
        fn every_name_gets_a_login_of_the_right_shape(last in ".{1,100}", first in ".{1,100}", n in 0u32..1000) {
            let login = suggest(&last, &first, None, n);
            prop_assert!((3..=64).contains(&login.chars().count()), "{}", login);
            prop_assert!(login.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '.'));
            prop_assert!(login.starts_with(|c: char| c.is_ascii_lowercase()));
        }
    }
}
