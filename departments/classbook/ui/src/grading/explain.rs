//! A figure in words: how it came about, by which rule, by which act.

use base::Lang;
use base::number::Hundredths;
use classbook_core::grading::{Interim, Proposal, Terms, has_borders};
use classbook_core::journal::grid::ScaleItem;

use crate::t;

/// A number as the language writes it, without needless zeros.
#[must_use]
pub fn number(n: Hundredths, lang: Lang) -> String {
    lang.decimal(&n.to_string())
}

/// A figure: always two places.
#[must_use]
pub fn fixed(n: Hundredths, lang: Lang) -> String {
    lang.decimal(&n.fixed())
}

/// Ten-thousandths without needless zeros: «22», «5,625».
fn fine(n: i64, lang: Lang) -> String {
    let text = format!("{}.{:04}", n / 10_000, (n % 10_000).abs());
    let short = text.trim_end_matches('0').trim_end_matches('.');
    lang.decimal(short)
}

/// «22 : 5 = 4,40»: the sum by how many, or by the weights.
#[must_use]
pub fn formula(proposal: &Proposal, lang: Lang) -> Option<String> {
    let average = proposal.average?;
    Some(format!(
        "{} : {} = {}",
        fine(proposal.sum, lang),
        number(proposal.divisor, lang),
        fixed(average, lang)
    ))
}

/// Which sum by what: by weights or not.
#[must_use]
pub fn kind(terms: &Terms, lang: Lang) -> &'static str {
    if terms.weighted {
        t::grading_by_weights(lang)
    } else {
        t::grading_plain(lang)
    }
}

/// Whether there is interim attestation, and what it is to the mark of the year.
#[must_use]
pub fn interim(interim: Interim, lang: Lang) -> &'static str {
    match interim {
        Interim::None => t::grading_interim_none(lang),
        Interim::Apart => t::grading_interim_apart(lang),
        Interim::Period => t::grading_interim_period(lang),
    }
}

/// «5 — от 4,65, 4 — от 3,65, 3 — от 2,65»; of results by a scale that is not of five, how a mark is found there.
#[must_use]
pub fn borders(terms: &Terms, scale: &[ScaleItem], lang: Lang) -> String {
    if !scale.is_empty() && !has_borders(scale) {
        return t::grading_borders_nearest(lang).to_owned();
    }
    t::grading_borders(
        lang,
        fixed(terms.five_from, lang),
        fixed(terms.four_from, lang),
        fixed(terms.three_from, lang),
    )
}

/// «№ 12 от 30 августа 2026»; what holds without an act is said so.
#[must_use]
pub fn act(terms: &Terms, lang: Lang) -> String {
    if terms.act_number.is_empty() {
        t::grading_no_act(lang).to_owned()
    } else {
        let act = t::grading_act_of(lang, kit::date::full(terms.act_date, lang), &terms.act_number);
        t::grading_act_since(lang, act, kit::date::full(terms.valid_from, lang))
    }
}

/// Why this mark is proposed, in sentences; the first is the formula, of «н/а» how many marks are needed.
#[must_use]
pub fn proposal(proposal: &Proposal, terms: &Terms, lang: Lang) -> Vec<String> {
    let formula = formula(proposal, lang);
    if let Some(alone) = &proposal.alone {
        let code = proposal.code.clone().unwrap_or_default();
        let mut said = vec![t::grading_proposed_not_attested(
            lang,
            code,
            proposal.count,
            proposal.minimum,
        )];
        said.extend(formula.map(|formula| format!("{}: {formula}", kind(terms, lang))));
        said.extend(
            alone
                .code
                .as_ref()
                .map(|code| t::grading_proposed_alone(lang, code)),
        );
        return said;
    }
    let Some(formula) = formula else {
        return vec![t::grading_no_marks(lang).to_owned()];
    };
    let mut said = vec![format!("{}: {formula}", kind(terms, lang))];
    let code = proposal.code.clone().unwrap_or_default();
    said.push(match proposal.threshold {
        Some(from) => t::grading_proposed_from(lang, fixed(from, lang), code),
        None if !proposal.nearest => t::grading_proposed_below(lang, fixed(terms.three_from, lang), code),
        None => t::grading_proposed_nearest(lang, code),
    });
    if !proposal.is_enough() {
        said.push(t::grading_too_few(lang, proposal.count, proposal.minimum));
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;
    use classbook_core::grading::{attest, propose};

    #[test]
    fn borders_of_five_are_not_told_of_another_scale() {
        let terms = Terms::usual(NaiveDate::default());
        let scale = |values: std::ops::RangeInclusive<i64>| -> Vec<ScaleItem> {
            let best = Hundredths::whole(*values.end());
            values
                .map(|n| ScaleItem::usual(&n.to_string(), Some(Hundredths::whole(n)), best))
                .collect()
        };
        let said = |scale: &[ScaleItem]| {
            let low = [(Some(Hundredths::whole(2)), Hundredths::whole(1)); 3];
            let made = propose(&low, &terms, Hundredths::whole(1), scale);
            (
                proposal(&made, &terms, Lang::Ru).remove(1),
                borders(&terms, scale, Lang::Ru),
            )
        };
        let (five, ten) = (said(&scale(1..=5)), said(&scale(1..=10)));
        assert!(five.0.contains("ниже 2,5"), "{}", five.0);
        assert_eq!(five.1, "5 — от 4,50, 4 — от 3,50, 3 — от 2,50");
        // «2» of ten is no «неудовлетворительно» by a border
        assert_eq!(ten.0, "Предлагается 2: ближайшая отметка шкалы");
        assert_eq!(ten.1, t::grading_borders_nearest(Lang::Ru));
    }

    #[test]
    fn not_attested_says_how_many_marks_there_are_and_what_they_come_to() {
        let best = Hundredths::whole(5);
        let mut scale: Vec<ScaleItem> = [5, 4, 3, 2]
            .map(|n| ScaleItem::usual(&n.to_string(), Some(Hundredths::whole(n)), best))
            .into();
        scale.push(ScaleItem::usual("н/а", None, best));
        let terms = Terms::usual(NaiveDate::default());
        let said = |marks: &[i64], closing| {
            let marks: Vec<_> = marks
                .iter()
                .map(|n| (Some(Hundredths::whole(*n)), Hundredths::whole(1)))
                .collect();
            let made = attest(&marks, &terms, Hundredths::whole(1), &scale, closing);
            proposal(&made, &terms, Lang::Ru)
        };
        let few = said(&[4], true);
        assert_eq!(
            few.first().map(String::as_str),
            Some("Предлагается н/а: отметок 1, по правилам нужно не меньше 3")
        );
        assert_eq!(
            few.last().map(String::as_str),
            Some("По этим отметкам вышло бы 4")
        );
        assert_eq!(few.len(), 3, "with the formula between them");
        assert_eq!(said(&[], true).len(), 1);
        assert_eq!(said(&[], false), [t::grading_no_marks(Lang::Ru)]);
        assert!(said(&[4], false).iter().all(|s| !s.contains("н/а")));
    }
}
