//! What an import says of the bells of grades that have none yet: where their times came from.

use base::Lang;
use chrono::NaiveTime;

use super::names;
use crate::t;

/// Where the times came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// From the names of the file's hours.
    Named(String),
    /// From nowhere: the usual ones.
    Invented(String),
}

/// The sentence about bells of these slots.
#[must_use]
pub fn told(lang: Lang, slots: &[String]) -> Option<Told> {
    let (from, to) = *names::bells(slots).first()?;
    let clock = |time: NaiveTime| time.format("%-H:%M").to_string();
    Some(if names::named(slots).is_some() {
        Told::Named(t::bells_named(lang, clock(from)))
    } else {
        Told::Invented(t::bells_invented(lang, (to - from).num_minutes(), clock(from)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slots(names: &[&str]) -> Vec<String> {
        names.iter().map(|n| (*n).to_owned()).collect()
    }

    #[test]
    fn invented_bells_are_told_with_their_figures() {
        let Some(Told::Invented(words)) = told(Lang::Ru, &slots(&["1", "2", "3"])) else {
            panic!("nobody has said when");
        };
        assert!(words.contains("с 8:30 по 45 минут"), "{words}");
        let many: Vec<String> = (1..=40).map(|n| n.to_string()).collect();
        let Some(Told::Invented(words)) = told(Lang::En, &many) else {
            panic!("nobody has said when");
        };
        assert!(words.contains("7:00") && words.contains("23 minutes"), "{words}");
        let Some(Told::Named(words)) = told(Lang::Ru, &slots(&["9:05-9:50", "10:00-10:45"])) else {
            panic!("the names say when");
        };
        assert!(words.contains("9:05"), "{words}");
        assert_eq!(told(Lang::Ru, &[]), None);
    }
}
