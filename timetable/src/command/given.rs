//! A problem with its timetable out of a file, and another timetable back into it.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, bail};
use timetable::problem::{Cost, Problem, Solution, evaluate};
use timetable::search::repair::Change;
use timetable::xhstt;

use super::files::{self, Fate, File, Format, misfit};
use super::language::told;
use super::output::Output;
use super::{archives, reread};

/// A problem with its timetable.
pub struct Given {
    /// The problem.
    pub problem: Problem,
    /// The timetable, completed.
    pub present: Solution,
    file: File,
    /// Which instance of an archive it is.
    at: usize,
}

impl Given {
    /// Reads a file; of an archive the instance that is named (or the first) with the best of its solutions.
    pub fn read(path: &Path, instance: Option<&str>) -> Result<Self> {
        let named = || path.display().to_string();
        let (file, present) = files::read_placed(path)?;
        let at = match &file {
            File::Archive(archive) => files::instance_of(archive, instance).with_context(named)?,
            _ => 0,
        };
        let (problem, present) = match &file {
            File::Fet(school) => (school.problem.clone(), present),
            File::Asc(school) => (school.problem.clone(), present),
            File::Archive(archive) => (archive.problems[at].clone(), archive.best_of(at).cloned()),
        };
        let Some(present) = present.filter(|p| p.meets.iter().any(|m| m.time.is_some())) else {
            bail!(
                "{}: {}",
                named(),
                told(
                    "there is no timetable in this file; `timetable solve` makes one",
                    "в этом файле нет расписания; его составит `timetable solve`",
                )
            );
        };
        let present = present.completed(&problem).map_err(misfit).with_context(named)?;
        Ok(Self {
            problem,
            present,
            file,
            at,
        })
    }

    /// Tells what the file says and nobody here understands; it becomes nothing but an answer.
    pub fn tell_unknown(&self, path: &Path) {
        self.file.tell_unknown(path, Fate::NotCounted);
    }

    /// The same where it will be written, which must be possible.
    ///
    /// # Errors
    /// Where the name of the output asks for a file that this one cannot become.
    pub fn tell_unknown_for(&self, path: &Path, output: &Path) -> Result<()> {
        let format = self.file.answer_for(output)?;
        self.file.tell_unknown(path, self.file.fate_in(format));
        Ok(())
    }

    /// Takes up one more lesson like each of these events, and other loads (event and times). A FET file gets the activities, and what
    /// is then read of it is the problem; the others are given to the search ([`Change::Another`], [`Change::Load`]).
    ///
    /// # Errors
    /// Where the file to be written has no room for them, or a load is none.
    pub fn with_more(self, like: &[u32], loads: &[(u32, u32)], output: &Path) -> Result<(Self, Vec<Change>)> {
        if let (File::Asc(_), Format::Asc) = (&self.file, self.file.answer_for(output)?) {
            bail!(told(
                "this sort of file cannot take up new lessons or loads; write an XHSTT archive (.xhstt)",
                "в файл этого вида не добавить новых уроков и нагрузок; запишите архив XHSTT (.xhstt)",
            ));
        }
        let present = |event: u32| self.problem.event(event).duration;
        let week = self.problem.time_count();
        let mut seen = BTreeSet::new();
        for (event, duration) in loads {
            let name = &self.problem.event(*event).label.name;
            if *duration == present(*event) {
                bail!(told(
                    format!("--load: {name} takes {duration} times already"),
                    format!("--load: {name}: часов и так {duration}"),
                ));
            }
            if *duration == 0 || *duration > week {
                bail!(told(
                    format!("--load: {name} can take from 1 to {week} times, not {duration}"),
                    format!("--load: {name}: часов может быть от 1 до {week}, а не {duration}"),
                ));
            }
            if !seen.insert(*event) {
                bail!(told(
                    format!("--load: {name} is given two loads"),
                    format!("--load: {name}: нагрузка указана дважды"),
                ));
            }
        }
        let File::Fet(school) = &self.file else {
            let another = like.iter().map(|like| Change::Another { like: *like });
            let loads = loads.iter().map(|(event, duration)| Change::Load {
                event: *event,
                duration: *duration,
            });
            return Ok((self, loads.chain(another).collect()));
        };
        // one activity is one piece: what is more is more activities, none longer than that one
        let mut more: Vec<(u32, u32)> = like.iter().map(|like| (*like, present(*like))).collect();
        let mut shorter = vec![];
        for (event, duration) in loads {
            let mut rest = duration.saturating_sub(present(*event));
            if rest == 0 {
                shorter.push((*event, *duration));
            }
            while rest > 0 {
                let piece = rest.min(present(*event).max(1));
                more.push((*event, piece));
                rest -= piece;
            }
        }
        let more = school.with_loads(&more, &shorter)?;
        for (kind, count) in &more.left {
            let to = output.display();
            files::complain(&told(
                format!("{to}: {kind} ({count} times) is not said of the new lesson"),
                format!("{to}: {kind} (раз: {count}) о новом уроке не говорится"),
            ));
        }
        let problem = more.school.problem.clone();
        let mut present = self.present;
        for meet in &mut present.meets {
            meet.duration = meet.duration.min(problem.event(meet.event).duration);
        }
        let present = present.completed(&problem).map_err(misfit)?;
        let file = File::Fet(Box::new(more.school));
        let given = Self {
            problem,
            present,
            file,
            at: 0,
        };
        Ok((given, vec![]))
    }

    /// Writes the file with another timetable; `problem` is what the problem has become.
    /// A FET file says the changes, too; what of them another file cannot say is told. Gives the cost that a FET file has, as anybody finds
    /// it, and that of the solution for the others.
    ///
    /// # Errors
    /// Where the file cannot be written, or would not say this timetable.
    pub fn store(
        &self,
        output: &Output,
        problem: &Problem,
        solution: &Solution,
        changes: &[Change],
    ) -> Result<Cost> {
        let format = self.file.answer_for(output.path())?;
        if format != Format::Archive && problem.events.len() != self.problem.events.len() {
            bail!(told(
                "this sort of file cannot take up new lessons; write an XHSTT archive (.xhstt)",
                "в файл этого вида не добавить новых уроков; запишите архив XHSTT (.xhstt)",
            ))
        }
        let text = match (&self.file, format) {
            (File::Fet(school), Format::Fet) => {
                let (school, left) = school.changed(changes);
                for words in left {
                    let not = told("not said in the file", "в файле об этом не сказано");
                    files::complain(&format!("{}: {not}: {words}", output.path().display()));
                }
                school.write(solution)
            }
            (File::Asc(school), Format::Asc) => {
                if !changes.is_empty() {
                    let words = told(
                        "a file of aSc Timetables cannot say what has changed; it holds the mended timetable",
                        "файл aSc Timetables не может сказать, что изменилось; в нём исправленное расписание",
                    );
                    files::complain(&format!("{}: {words}", output.path().display()));
                }
                school.write(solution)
            }
            (file, _) => {
                let (problem, solution) = (files::in_xhstt(problem.clone()), solution.clone());
                let made = match file {
                    File::Archive(archive) => {
                        archives::with_changed((**archive).clone(), self.at, problem, solution)
                    }
                    _ => files::archive_of(problem, Some(solution))?,
                };
                let text = xhstt::write(&made);
                reread::archive(&text, &made)?;
                text
            }
        };
        let found = evaluate(problem, solution);
        let cost = reread::cost(&text, format, found, changes.is_empty())?;
        output.store(&text)?;
        Ok(match format {
            Format::Fet => cost,
            // aSc does not say what has changed, and an archive not all of our rules
            Format::Asc | Format::Archive => found,
        })
    }
}
