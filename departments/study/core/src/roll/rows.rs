//! Rows of text become pupils with their guardians, or reasons why not. Nothing here knows the school.

use std::collections::HashMap;

use base::Lang;
use chrono::NaiveDate;

use super::fields::{self, BadName, clean, name_key};
use super::{BadRow, Column, Kin};
use crate::import::names::PersonName;
use crate::t;

/// A file as rows of text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The heads of the columns.
    pub headers: Vec<String>,
    /// Rows with anything in them: number in the file, and a cell for each head.
    pub rows: Vec<(u32, Vec<String>)>,
}

/// A guardian as a row has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowGuardian {
    /// Name.
    pub name: PersonName,
    /// Telephone, digits with the country code.
    pub phone: Option<String>,
    /// What they are to the pupil.
    pub kin: Kin,
}

/// A pupil as a row has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The row's number in the file.
    pub row: u32,
    /// Name.
    pub name: PersonName,
    /// Date of birth.
    pub born: NaiveDate,
    /// «f», «m».
    pub sex: Option<&'static str>,
    /// The class as it was written.
    pub class: String,
    /// Subgroups as they were written, each with the head of its column.
    pub subgroups: Vec<(String, String)>,
    /// Guardians.
    pub guardians: Vec<RowGuardian>,
}

/// Reads all rows. A pupil who stands in two rows is taken from the first.
#[must_use]
pub fn records(
    lang: Lang,
    table: &Table,
    columns: &[Column],
    today: NaiveDate,
) -> (Vec<Record>, Vec<BadRow>) {
    let mut good: Vec<Record> = Vec::new();
    let mut bad = Vec::new();
    let mut seen: HashMap<(String, NaiveDate), u32> = HashMap::new();
    for (row, cells) in &table.rows {
        let line = Line {
            lang,
            table,
            columns,
            cells,
        };
        let outcome = line.record(*row, today).and_then(|record| {
            match seen.insert((name_key(&record.name), record.born), *row) {
                None => Ok(record),
                Some(first) => {
                    seen.insert((name_key(&record.name), record.born), first);
                    Err(t::roll_bad_twice(lang, first))
                }
            }
        });
        match outcome {
            Ok(record) => good.push(record),
            Err(reason) => bad.push(BadRow { row: *row, reason }),
        }
    }
    (good, bad)
}

/// One row with what it takes to read it.
struct Line<'a> {
    lang: Lang,
    table: &'a Table,
    columns: &'a [Column],
    cells: &'a [String],
}

impl Line<'_> {
    /// What stands in a column; "" where there is none.
    fn cell(&self, wanted: Column) -> String {
        let at = self.columns.iter().position(|c| *c == wanted);
        at.and_then(|n| self.cells.get(n))
            .map(|c| clean(c))
            .unwrap_or_default()
    }

    fn record(&self, row: u32, today: NaiveDate) -> Result<Record, String> {
        let lang = self.lang;
        let name = if self.columns.contains(&Column::FullName) {
            fields::full_name(&self.cell(Column::FullName))
        } else {
            let middle = self.cell(Column::MiddleName);
            fields::name(
                &self.cell(Column::LastName),
                &self.cell(Column::FirstName),
                &middle,
            )
        };
        let name = name.map_err(|e| self.bad_name(e, t::roll_whose_pupil(lang)))?;
        let date = self.cell(Column::BirthDate);
        if date.is_empty() {
            return Err(t::roll_bad_no_date(lang).to_owned());
        }
        let born = fields::date(&date).ok_or_else(|| t::roll_bad_date(lang, &date))?;
        if !fields::plausible_birth(born, today) {
            return Err(t::roll_bad_birth(lang, &date));
        }
        let class = self.cell(Column::Class);
        if class.is_empty() {
            return Err(t::roll_bad_no_class(lang).to_owned());
        }
        let sex = self.cell(Column::Sex);
        let sex = fields::sex(&sex).ok_or_else(|| t::roll_bad_sex(lang, &sex))?;
        Ok(Record {
            row,
            name,
            born,
            sex,
            class,
            subgroups: self.subgroups(),
            guardians: self.guardians()?,
        })
    }

    fn bad_name(&self, error: BadName, whose: &str) -> String {
        match error {
            BadName::Incomplete => t::roll_bad_name_incomplete(self.lang, whose),
            BadName::Strange => t::roll_bad_name_strange(self.lang, whose),
            BadName::Long => t::roll_bad_name_long(self.lang, whose),
        }
    }

    fn subgroups(&self) -> Vec<(String, String)> {
        let all = self.columns.iter().zip(self.cells).zip(&self.table.headers);
        all.filter(|((column, _), _)| **column == Column::Subgroup)
            .map(|((_, cell), header)| (header.clone(), clean(cell)))
            .filter(|(_, cell)| !matches!(cell.as_str(), "" | "-" | "–" | "—"))
            .collect()
    }

    fn guardians(&self) -> Result<Vec<RowGuardian>, String> {
        let lang = self.lang;
        let places = [
            (
                Column::Mother,
                Column::MotherPhone,
                Err(Kin::Mother),
                t::roll_whose_mother(lang),
            ),
            (
                Column::Father,
                Column::FatherPhone,
                Err(Kin::Father),
                t::roll_whose_father(lang),
            ),
            (
                Column::Guardian,
                Column::GuardianPhone,
                Ok(Column::GuardianKin),
                t::roll_whose_guardian(lang),
            ),
            (
                Column::SecondGuardian,
                Column::SecondPhone,
                Ok(Column::SecondKin),
                t::roll_whose_second(lang),
            ),
        ];
        let mut guardians: Vec<RowGuardian> = Vec::new();
        for (name, phone, kin, whose) in places {
            let (name, typed) = (self.cell(name), self.cell(phone));
            if matches!(name.as_str(), "" | "-" | "–" | "—") {
                // a number of nobody: the row would lose it without a word
                if typed.chars().any(|c| c.is_ascii_digit()) && self.columns.contains(&phone) {
                    return Err(t::roll_bad_phone_of_nobody(lang, whose));
                }
                continue;
            }
            let name = fields::full_name(&name).map_err(|e| self.bad_name(e, whose))?;
            let phone = match typed.as_str() {
                "" | "-" | "–" | "—" => None,
                typed => Some(access_core::auth::phone(typed).ok_or_else(|| t::roll_bad_phone(lang, typed))?),
            };
            let kin = match kin {
                Err(known) => known,
                Ok(column) => {
                    let typed = self.cell(column);
                    fields::kin(&typed).ok_or_else(|| t::roll_bad_kin(lang, &typed))?
                }
            };
            let again = guardians
                .iter()
                .any(|g| name_key(&g.name) == name_key(&name) && g.phone == phone);
            if !again {
                guardians.push(RowGuardian { name, phone, kin });
            }
        }
        Ok(guardians)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(headers: &str, rows: &[&str]) -> Table {
        let cells = |text: &str| text.split('|').map(str::to_owned).collect::<Vec<_>>();
        Table {
            headers: cells(headers),
            rows: (2..).zip(rows.iter().map(|r| cells(r))).collect(),
        }
    }

    fn read(headers: &str, rows: &[&str]) -> (Vec<Record>, Vec<BadRow>) {
        let table = table(headers, rows);
        let columns = super::super::columns::recognise(&table.headers);
        records(
            Lang::Ru,
            &table,
            &columns,
            NaiveDate::from_ymd_opt(2026, 11, 17).unwrap(),
        )
    }

    #[test]
    fn a_row_is_a_pupil_with_a_family() {
        let (good, bad) = read(
            "Фамилия|Имя|Отчество|Дата рождения|Пол|Класс|Подгруппа (англ)|Мать|Телефон матери|Родитель|Телефон родителя|Родство",
            &["Котов|Пётр|-|5.9.2013|м|7 а|1|Котова Анна Ильинична|8 (916) 123-45-67|Котов Иван||дедушка"],
        );
        assert_eq!(bad, []);
        let [one] = good.as_slice() else {
            panic!("{good:?}")
        };
        assert_eq!(
            (one.row, one.sex, one.name.middle.as_deref()),
            (2, Some("m"), None)
        );
        assert_eq!(one.class, "7 а");
        assert_eq!(one.subgroups, [("Подгруппа (англ)".to_owned(), "1".to_owned())]);
        assert_eq!(one.guardians[0].phone.as_deref(), Some("79161234567"));
        assert_eq!(
            (one.guardians[0].kin, one.guardians[1].kin),
            (Kin::Mother, Kin::Relative)
        );
        assert_eq!(one.guardians[1].phone, None);
    }

    #[test]
    fn each_bad_row_has_its_number_and_its_reason() {
        let heads = "ФИО|Дата рождения|Класс|Пол|Родитель|Телефон родителя|Родство";
        let (good, bad) = read(
            heads,
            &[
                "Котов Пётр|31.02.2015|7А|||",
                "Котов|05.09.2013|7А|||",
                "Котов Пётр|05.09.2013|7А||Котова Анна|+7 916 123-45-67|мать",
                "котов петр|2013-09-05|7Б|||",
                "Котов Иван||7А|||",
                "Котов Олег|05.09.2013|||||",
                "Котов Олег|05.09.2033|7А||||",
                "Котов Олег|05.09.2013|7А|да|||",
                "Котов Олег|05.09.2013|7А||Котова Анна|12-34|",
                "Котов Олег|05.09.2013|7А||Котова|89161234567|",
                "Котов Олег|05.09.2013|7А||Котова Анна|89161234567|начальник",
                "Котов Олег|05.09.2013|7А|||89161234567|",
                "=1+1 Олег|05.09.2013|7А||||",
            ],
        );
        assert_eq!(good.iter().map(|r| r.row).collect::<Vec<_>>(), [4]);
        let words = [
            "31.02.2015",
            "имя",
            "строке 4",
            "рождения",
            "класс",
            "05.09.2033",
            "да",
            "12-34",
            "имя",
            "начальник",
            "телефон",
            "буквы",
        ];
        assert_eq!(bad.len(), words.len(), "{bad:#?}");
        for (told, word) in bad.iter().zip(words) {
            assert!(told.reason.contains(word), "{told:?} — {word}");
        }
        assert_eq!(
            bad.iter().map(|b| b.row).collect::<Vec<_>>(),
            [2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]
        );
    }

    #[test]
    fn a_row_may_be_shorter_than_the_head() {
        let (good, bad) = read(
            "ФИО|Дата рождения|Класс|Родитель",
            &["Котов Пётр|05.09.2013|7А", "Котов Пётр"],
        );
        assert_eq!((good.len(), bad.len()), (1, 1));
    }
}
