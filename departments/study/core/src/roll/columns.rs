//! What stands in which column, by its head: the usual words of Russian and English lists.

use serde::{Deserialize, Serialize};

use super::fields::key;

macro_rules! columns {
    ($($(#[$doc:meta])* $variant:ident = $key:literal),* $(,)?) => {
        /// What a column is taken for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Column { $($(#[$doc])* $variant),* }

        impl Column {
            /// All of them, in the order of a list to choose from.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The key on the wire.
            #[must_use]
            pub fn key(self) -> &'static str {
                match self { $(Self::$variant => $key),* }
            }
        }
    };
}

columns! {
    /// Is not imported.
    Skip = "skip",
    /// Family name, first name and patronymic in one cell.
    FullName = "full_name",
    /// Family name.
    LastName = "last_name",
    /// First name.
    FirstName = "first_name",
    /// Patronymic.
    MiddleName = "middle_name",
    /// Date of birth.
    BirthDate = "birth_date",
    /// Sex.
    Sex = "sex",
    /// Class, of a college the group.
    Class = "class",
    /// Subgroup; there may be several such columns, one for each split.
    Subgroup = "subgroup",
    /// Mother's name.
    Mother = "mother",
    /// Mother's telephone.
    MotherPhone = "mother_phone",
    /// Father's name.
    Father = "father",
    /// Father's telephone.
    FatherPhone = "father_phone",
    /// A guardian's name.
    Guardian = "guardian",
    /// Their telephone.
    GuardianPhone = "guardian_phone",
    /// What they are to the pupil.
    GuardianKin = "guardian_kin",
    /// A second guardian's name.
    SecondGuardian = "second_guardian",
    /// Their telephone.
    SecondPhone = "second_phone",
    /// What they are to the pupil.
    SecondKin = "second_kin",
}

impl Column {
    /// Reads a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|c| c.key() == key)
    }

    /// The same of the second guardian, where there is one.
    fn second(self) -> Option<Self> {
        match self {
            Self::Guardian => Some(Self::SecondGuardian),
            Self::GuardianPhone => Some(Self::SecondPhone),
            Self::GuardianKin => Some(Self::SecondKin),
            _ => None,
        }
    }
}

/// What a list must have and no column is: a name, a date of birth, a class.
#[must_use]
pub fn missing(columns: &[Column]) -> Vec<Column> {
    let has = |c| columns.contains(&c);
    let mut missing = Vec::new();
    if !has(Column::FullName) {
        if !has(Column::LastName) && !has(Column::FirstName) {
            missing.push(Column::FullName);
        } else {
            missing.extend(
                [Column::LastName, Column::FirstName]
                    .into_iter()
                    .filter(|c| !has(*c)),
            );
        }
    }
    missing.extend(
        [Column::BirthDate, Column::Class]
            .into_iter()
            .filter(|c| !has(*c)),
    );
    missing
}

/// The first column that stands twice, where it may stand but once.
#[must_use]
pub fn doubled(columns: &[Column]) -> Option<Column> {
    columns.iter().enumerate().find_map(|(n, c)| {
        let once = !matches!(c, Column::Skip | Column::Subgroup);
        (once && columns.iter().take(n).any(|other| other == c)).then_some(*c)
    })
}

/// What the heads say. No column but the subgroups' is recognised twice; a second «Родитель» is the second guardian.
#[must_use]
pub fn recognise(headers: &[String]) -> Vec<Column> {
    let mut taken: Vec<Column> = Vec::new();
    for header in headers {
        let mut column = of_header(header);
        if column != Column::Subgroup && taken.contains(&column) {
            column = column
                .second()
                .filter(|c| !taken.contains(c))
                .unwrap_or(Column::Skip);
        }
        taken.push(column);
    }
    // a name in one cell and its parts beside it: the parts are surer
    let has = |c: Column| taken.contains(&c);
    if has(Column::FullName) && has(Column::LastName) && has(Column::FirstName) {
        for column in taken.iter_mut().filter(|c| **c == Column::FullName) {
            *column = Column::Skip;
        }
    }
    taken
}

/// How many of the heads are recognised: where the table begins is where most are.
#[must_use]
pub fn recognised(headers: &[String]) -> usize {
    recognise(headers).iter().filter(|c| **c != Column::Skip).count()
}

fn of_header(header: &str) -> Column {
    let text = key(header);
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .collect();
    let begins = |stems: &[&str]| words.iter().any(|w| stems.iter().any(|s| w.starts_with(s)));
    let is = |whole: &[&str]| words.iter().any(|w| whole.contains(w));
    let joined: String = words.concat();
    let second = is(&["2", "2й", "2ой"]) || begins(&["втор", "second"]) || text.ends_with('2');

    if words.is_empty()
        || begins(&[
            "адрес",
            "прожив",
            "регистр",
            "снилс",
            "паспорт",
            "свидет",
            "почт",
            "email",
            "mail",
            "работ",
            "должност",
            "руковод",
            "инн",
            "полис",
            "address",
            "passport",
            "примеч",
            "коммент",
            "note",
            "логин",
            "парол",
            "дело",
            "снят",
            "прибыл",
            "зачисл",
            "приказ",
            "гражд",
            "льгот",
            "категор",
            "образован",
            "профил",
        ])
    {
        return Column::Skip;
    }
    let mother = begins(&["мать", "матер", "мам", "mother"]);
    let father = begins(&["отец", "отца", "отцу", "пап", "father"]);
    let guardian = begins(&["родител", "представит", "опекун", "parent", "guardian"]);
    let relative = mother || father || guardian;
    if begins(&["родств", "приход", "relation", "kin"]) {
        return if second {
            Column::SecondKin
        } else {
            Column::GuardianKin
        };
    }
    let birth = begins(&["рожд", "birth"]) || is(&["dob"]) || joined == "др";
    if birth {
        let place = begins(&["мест", "place"]);
        return if relative || place {
            Column::Skip
        } else {
            Column::BirthDate
        };
    }
    if begins(&["тел", "моб", "сотов", "phone", "mobile", "контакт", "tel"]) {
        return match (mother, father, second) {
            (true, _, _) => Column::MotherPhone,
            (_, true, _) => Column::FatherPhone,
            // a pupil's own number is nobody's business here
            _ if begins(&["учен", "учащ", "ребен", "обуч", "pupil", "student", "child"]) && !guardian => {
                Column::Skip
            }
            (_, _, true) => Column::SecondPhone,
            _ => Column::GuardianPhone,
        };
    }
    let fio = joined.contains("фио") || (begins(&["фамил"]) && is(&["имя"])) || joined.contains("fullname");
    let last = begins(&["фамил", "surname"]) || joined.contains("lastname") || joined.contains("familyname");
    let first = is(&["имя", "имени"]) || joined.contains("firstname") || joined.contains("givenname");
    let middle = begins(&["отчеств", "patronym"]) || joined.contains("middlename");
    if relative {
        // a guardian's name in three columns is not put together from here
        if (last || first || middle) && !fio {
            return Column::Skip;
        }
        return match (mother, father, second) {
            (true, false, _) => Column::Mother,
            (false, true, _) => Column::Father,
            (_, _, true) => Column::SecondGuardian,
            _ => Column::Guardian,
        };
    }
    if begins(&["подгруп", "subgroup"]) {
        return Column::Subgroup;
    }
    if begins(&["класс", "class", "групп", "group"]) {
        return Column::Class;
    }
    if fio {
        return Column::FullName;
    }
    match (last, first, middle) {
        (true, false, false) => Column::LastName,
        (false, true, false) => Column::FirstName,
        (false, false, true) => Column::MiddleName,
        _ if is(&["пол", "sex", "gender"]) => Column::Sex,
        _ if words.len() <= 2
            && (begins(&["учен", "учащ", "обуч", "ребен", "pupil", "student"]) || is(&["name"])) =>
        {
            Column::FullName
        }
        _ => Column::Skip,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Column::*;
    use proptest::prelude::*;

    fn heads(text: &str) -> Vec<Column> {
        recognise(&text.split('|').map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn the_usual_lists_are_understood() {
        let cases: &[(&str, &[Column])] = &[
            (
                "№|Фамилия|Имя|Отчество|Дата рождения|Пол|Класс|Подгруппа (английский)|Подгруппа 2|Родитель|Телефон родителя|Родство",
                &[
                    Skip,
                    LastName,
                    FirstName,
                    MiddleName,
                    BirthDate,
                    Sex,
                    Class,
                    Subgroup,
                    Subgroup,
                    Guardian,
                    GuardianPhone,
                    GuardianKin,
                ],
            ),
            (
                "ФИО|Д.р.|Класс|ФИО матери|Телефон матери|Отец|Моб. отца",
                &[
                    FullName,
                    BirthDate,
                    Class,
                    Mother,
                    MotherPhone,
                    Father,
                    FatherPhone,
                ],
            ),
            (
                "Ф.И.О. учащегося|Дата рожд.|Группа|Законный представитель|Телефон|Родитель 2|Телефон родителя 2|Степень родства 2",
                &[
                    FullName,
                    BirthDate,
                    Class,
                    Guardian,
                    GuardianPhone,
                    SecondGuardian,
                    SecondPhone,
                    SecondKin,
                ],
            ),
            (
                "Родитель|Родитель|Телефон родителя|Телефон родителя",
                &[Guardian, SecondGuardian, GuardianPhone, SecondPhone],
            ),
            (
                "Last name|First name|Middle name|Date of birth|Class|Subgroup|Parent|Parent's phone|Relationship|Second parent",
                &[
                    LastName,
                    FirstName,
                    MiddleName,
                    BirthDate,
                    Class,
                    Subgroup,
                    Guardian,
                    GuardianPhone,
                    GuardianKin,
                    SecondGuardian,
                ],
            ),
            (
                "Full name|DOB|Group|Mother|Father",
                &[FullName, BirthDate, Class, Mother, Father],
            ),
            (
                "Фамилия, имя, отчество|Класс|Классный руководитель|Адрес|E-mail родителя",
                &[FullName, Class, Skip, Skip, Skip],
            ),
            ("Фамилия|Имя|ФИО", &[LastName, FirstName, Skip]),
            (
                "Фамилия родителя|Имя родителя|Дата рождения родителя|Место рождения",
                &[Skip, Skip, Skip, Skip],
            ),
            (
                "Телефон ученика|Ученик|Номер личного дела|",
                &[Skip, FullName, Skip, Skip],
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(heads(text), *expected, "{text}");
        }
    }

    #[test]
    fn what_a_list_must_have() {
        assert_eq!(missing(&[FullName, BirthDate, Class]), []);
        assert_eq!(missing(&[LastName, FirstName, BirthDate, Class]), []);
        assert_eq!(missing(&[LastName, Class]), [FirstName, BirthDate]);
        assert_eq!(missing(&[]), [FullName, BirthDate, Class]);
        assert_eq!(doubled(&[Skip, Class, Skip, Subgroup, Subgroup]), None);
        assert_eq!(doubled(&[Class, Skip, Class]), Some(Class));
    }

    #[test]
    fn keys_read_back() {
        for c in Column::ALL {
            assert_eq!(Column::from_key(c.key()), Some(*c));
            assert_eq!(serde_json::to_value(c).unwrap(), c.key());
        }
    }

    proptest! {
        #[test]
        fn no_column_is_recognised_twice(headers in proptest::collection::vec(
            prop_oneof![".{0,20}", Just("Родитель".to_owned()), Just("ФИО".to_owned()), Just("Телефон".to_owned()), Just("Класс".to_owned())],
            0..20,
        )) {
            let found = recognise(&headers);
            prop_assert_eq!(found.len(), headers.len());
            prop_assert_eq!(doubled(&found), None);
        }
    }
}
