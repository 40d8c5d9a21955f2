//! A figure in words: how it came about, by which rule, by which act.

use base::Lang;
use base::number::Hundredths;
use classbook_core::grading::{Interim, Proposal, Terms};

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

/// «5 — от 4,65, 4 — от 3,65, 3 — от 2,65».
#[must_use]
pub fn borders(terms: &Terms, lang: Lang) -> String {
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

/// Why this mark is proposed, in sentences; the first is the formula.
#[must_use]
pub fn proposal(proposal: &Proposal, terms: &Terms, lang: Lang) -> Vec<String> {
    let Some(formula) = formula(proposal, lang) else {
        return vec![t::grading_no_marks(lang).to_owned()];
    };
    let mut said = vec![format!("{}: {formula}", kind(terms, lang))];
    let code = proposal.code.clone().unwrap_or_default();
    said.push(match proposal.threshold {
        Some(from) => t::grading_proposed_from(lang, fixed(from, lang), code),
        None if proposal.value == Some(Hundredths::whole(2)) => {
            t::grading_proposed_below(lang, fixed(terms.three_from, lang), code)
        }
        None => t::grading_proposed_nearest(lang, code),
    });
    if !proposal.is_enough() {
        said.push(t::grading_too_few(lang, proposal.count, proposal.minimum));
    }
    said
}
