//! What the browser asks about rules of marking and totals.

use base::{AppError, LoadId, PupilId, RuleId};
use classbook_core::grading::totals::{Behind, Stage, TotalEdit, Totals};
use classbook_core::grading::{Rules, Terms};
use classbook_core::journal::cell::{Outcome, Uuid};
use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, Json};

/// The school's rules of marking.
#[server(name = RulesOf, prefix = "/api", endpoint = "grading/rules", input = GetUrl)]
pub async fn rules() -> Result<Rules, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::grading::sql::rules(&mut ctx).await;
    kit::server::close(ctx, out).await
}

/// Adds a rule; `seen` is the last one that the person saw.
#[server(name = AddRule, prefix = "/api", endpoint = "grading/add_rule", input = Json)]
pub async fn add_rule(
    op_id: Uuid,
    seen: Option<RuleId>,
    terms: Terms,
    reason: Option<String>,
) -> Result<RuleId, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::grading::sql::add_rule(&mut ctx, op_id, seen, terms, reason).await;
    kit::server::close(ctx, out).await
}

/// Withdraws a rule that has not begun to hold.
#[server(name = WithdrawRule, prefix = "/api", endpoint = "grading/withdraw_rule", input = Json)]
pub async fn withdraw_rule(rule: RuleId) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::grading::sql::withdraw_rule(&mut ctx, rule).await;
    kit::server::close(ctx, out).await
}

/// The totals of a journal: marks of periods and of the year, with what is proposed.
#[server(name = TotalsOf, prefix = "/api", endpoint = "grading/totals", input = GetUrl)]
pub async fn totals(load: LoadId) -> Result<Totals, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::grading::sql::totals(&mut ctx, load).await;
    kit::server::close(ctx, out).await
}

/// Gives marks of periods or takes them back, each by itself.
#[server(name = SaveTotals, prefix = "/api", endpoint = "grading/save_totals", input = Json)]
pub async fn save_totals(load: LoadId, edits: Vec<TotalEdit>) -> Result<Vec<Outcome>, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::grading::sql::save_totals(&mut ctx, load, edits).await;
    kit::server::close(ctx, out).await
}

/// What lies behind a figure of the totals.
#[server(name = BehindOf, prefix = "/api", endpoint = "grading/behind", input = Json)]
pub async fn behind(load: LoadId, pupil: PupilId, stage: Stage) -> Result<Behind, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::grading::sql::behind(&mut ctx, load, pupil, stage).await;
    kit::server::close(ctx, out).await
}
