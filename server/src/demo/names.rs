//! Invented people: surnames, first names and patronymics with their genders. Nobody real is meant.

use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// Russian surnames, first names and patronymics change with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    /// Female.
    F,
    /// Male.
    M,
}

impl Sex {
    /// The key in `person.sex`.
    pub fn key(self) -> &'static str {
        match self {
            Self::F => "f",
            Self::M => "m",
        }
    }
}

/// A full name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Surname in the person's gender.
    pub last: String,
    /// First name.
    pub first: String,
    /// Patronymic in the person's gender.
    pub middle: String,
    /// Gender.
    pub sex: Sex,
}

/// What a family shares: the surname and the father's first name.
#[derive(Clone, Debug)]
pub struct House {
    /// Masculine form of the surname.
    pub surname: &'static str,
    /// The father's first name with the son's patronymic.
    pub father: (&'static str, &'static str),
}

/// The commonest come first: [`common`] prefers them.
#[rustfmt::skip]
const SURNAMES: &[&str] = &[
    "Иванов", "Смирнов", "Кузнецов", "Попов", "Васильев", "Петров", "Соколов", "Михайлов", "Новиков", "Фёдоров",
    "Морозов", "Волков", "Алексеев", "Лебедев", "Семёнов", "Егоров", "Павлов", "Козлов", "Степанов", "Николаев",
    "Орлов", "Андреев", "Макаров", "Никитин", "Захаров", "Зайцев", "Соловьёв", "Борисов", "Яковлев", "Григорьев",
    "Романов", "Воробьёв", "Сергеев", "Кузьмин", "Фролов", "Александров", "Дмитриев", "Королёв", "Гусев", "Киселёв",
    "Ильин", "Максимов", "Поляков", "Сорокин", "Виноградов", "Ковалёв", "Белов", "Медведев", "Антонов", "Тарасов",
    "Жуков", "Баранов", "Филиппов", "Комаров", "Давыдов", "Беляев", "Герасимов", "Богданов", "Осипов", "Сидоров",
    "Матвеев", "Титов", "Марков", "Миронов", "Крылов", "Куликов", "Карпов", "Власов", "Мельников", "Денисов",
    "Гаврилов", "Тихонов", "Казаков", "Афанасьев", "Данилов", "Савельев", "Тимофеев", "Фомин", "Чернов", "Абрамов",
    "Мартынов", "Ефимов", "Федотов", "Щербаков", "Назаров", "Калинин", "Исаев", "Чернышёв", "Быков", "Маслов",
    "Родионов", "Коновалов", "Лазарев", "Воронин", "Климов", "Филатов", "Пономарёв", "Голубев", "Кудрявцев", "Прохоров",
    "Наумов", "Потапов", "Журавлёв", "Овчинников", "Трофимов", "Леонов", "Соболев", "Ермаков", "Колесников", "Гончаров",
    "Сафин", "Каримов", "Хасанов", "Гарипов", "Шевченко", "Бондаренко", "Ткаченко", "Покровский", "Вознесенский", "Белинский",
    "Снежинский", "Озёрный", "Полевой", "Лесной", "Черных", "Седых", "Гросс", "Саркисян", "Петросян", "Ким",
];

#[rustfmt::skip]
const GIRLS: &[&str] = &[
    "София", "Анна", "Мария", "Виктория", "Ева", "Алиса", "Полина", "Варвара", "Василиса", "Екатерина", "Дарья",
    "Ксения", "Елизавета", "Арина", "Милана", "Анастасия", "Вероника", "Александра", "Кира", "Ульяна", "Мирослава",
    "Таисия", "Валерия", "Маргарита", "Стефания", "Яна", "Злата", "Агата", "Камила", "Диана", "Амелия", "Есения",
    "Вера", "Надежда", "Майя", "Ольга", "Кристина", "Елена", "Эмилия", "Алина",
];

#[rustfmt::skip]
const BOYS: &[&str] = &[
    "Михаил", "Александр", "Артём", "Максим", "Матвей", "Иван", "Дмитрий", "Марк", "Лев", "Тимофей", "Кирилл",
    "Роман", "Егор", "Даниил", "Фёдор", "Владимир", "Константин", "Илья", "Алексей", "Андрей", "Арсений", "Степан",
    "Никита", "Мирон", "Глеб", "Ярослав", "Николай", "Павел", "Платон", "Захар", "Григорий", "Савелий", "Тимур",
    "Семён", "Денис", "Елисей", "Святослав", "Вадим", "Всеволод", "Богдан",
];

#[rustfmt::skip]
const WOMEN: &[&str] = &[
    "Елена", "Ольга", "Наталья", "Татьяна", "Анна", "Ирина", "Светлана", "Юлия", "Екатерина", "Мария", "Марина",
    "Анастасия", "Людмила", "Галина", "Оксана", "Евгения", "Надежда", "Лариса", "Вера", "Алла", "Любовь", "Виктория",
    "Валентина", "Дарья", "Ксения", "Инна", "Жанна", "Кристина", "Алёна", "Регина",
];

/// First names of grown men with the patronymic of a son.
#[rustfmt::skip]
const MEN: &[(&str, &str)] = &[
    ("Александр", "Александрович"), ("Сергей", "Сергеевич"), ("Алексей", "Алексеевич"), ("Андрей", "Андреевич"),
    ("Дмитрий", "Дмитриевич"), ("Владимир", "Владимирович"), ("Евгений", "Евгеньевич"), ("Николай", "Николаевич"),
    ("Михаил", "Михайлович"), ("Иван", "Иванович"), ("Максим", "Максимович"), ("Виктор", "Викторович"),
    ("Павел", "Павлович"), ("Олег", "Олегович"), ("Денис", "Денисович"), ("Роман", "Романович"),
    ("Игорь", "Игоревич"), ("Антон", "Антонович"), ("Юрий", "Юрьевич"), ("Артём", "Артёмович"),
    ("Константин", "Константинович"), ("Василий", "Васильевич"), ("Анатолий", "Анатольевич"), ("Вячеслав", "Вячеславович"),
    ("Валерий", "Валерьевич"), ("Борис", "Борисович"), ("Геннадий", "Геннадьевич"), ("Руслан", "Русланович"),
    ("Станислав", "Станиславович"), ("Вадим", "Вадимович"), ("Рустам", "Рустамович"), ("Григорий", "Григорьевич"),
];

/// One of a list, the first ones more often.
fn common<T: Copy>(rng: &mut ChaCha8Rng, list: &[T]) -> T {
    let roll = rng.random_range(0..list.len());
    list[roll.min(rng.random_range(0..list.len()))]
}

/// The form of a surname for a woman; some have one form for all.
pub fn surname(masculine: &str, sex: Sex) -> String {
    if sex == Sex::M {
        return masculine.to_owned();
    }
    for ending in ["ов", "ев", "ёв", "ин"] {
        if masculine.ends_with(ending) {
            return format!("{masculine}а");
        }
    }
    for ending in ["ский", "цкий", "ый", "ой"] {
        if let Some(stem) = masculine.strip_suffix(ending) {
            let keep = ending.strip_suffix("ий").unwrap_or("");
            return format!("{stem}{keep}ая");
        }
    }
    masculine.to_owned()
}

/// A patronymic from the son's one.
pub fn patronymic(of_son: &str, sex: Sex) -> String {
    match (sex, of_son.strip_suffix("ич")) {
        (Sex::F, Some(stem)) => format!("{stem}на"),
        _ => of_son.to_owned(),
    }
}

/// A family's common part.
pub fn house(rng: &mut ChaCha8Rng) -> House {
    House {
        surname: common(rng, SURNAMES),
        father: common(rng, MEN),
    }
}

/// A child of a house.
pub fn child(rng: &mut ChaCha8Rng, house: &House) -> Name {
    let sex = if rng.random_bool(0.51) { Sex::M } else { Sex::F };
    Name {
        last: surname(house.surname, sex),
        first: common(rng, if sex == Sex::M { BOYS } else { GIRLS }).to_owned(),
        middle: patronymic(house.father.1, sex),
        sex,
    }
}

/// The mother of a house: its surname by marriage, her own father's name.
pub fn mother(rng: &mut ChaCha8Rng, house: &House) -> Name {
    Name {
        last: surname(house.surname, Sex::F),
        first: common(rng, WOMEN).to_owned(),
        middle: patronymic(common(rng, MEN).1, Sex::F),
        sex: Sex::F,
    }
}

/// The father of a house.
pub fn father(rng: &mut ChaCha8Rng, house: &House) -> Name {
    Name {
        last: house.surname.to_owned(),
        first: house.father.0.to_owned(),
        middle: common(rng, MEN).1.to_owned(),
        sex: Sex::M,
    }
}

/// A grown person without children here.
pub fn adult(rng: &mut ChaCha8Rng, sex: Sex) -> Name {
    let house = house(rng);
    match sex {
        Sex::F => mother(rng, &house),
        Sex::M => father(rng, &house),
    }
}

/// A login out of a surname and a number: «ivanova-11042».
pub fn login(last: &str, number: i64) -> String {
    let mut login = String::with_capacity(24);
    for letter in last.chars().flat_map(char::to_lowercase) {
        login.push_str(latin(letter));
    }
    format!("{login}-{number}")
}

fn latin(letter: char) -> &'static str {
    #[rustfmt::skip]
    const PAIRS: &[(char, &str)] = &[
        ('а', "a"), ('б', "b"), ('в', "v"), ('г', "g"), ('д', "d"), ('е', "e"), ('ё', "e"), ('ж', "zh"), ('з', "z"),
        ('и', "i"), ('й', "y"), ('к', "k"), ('л', "l"), ('м', "m"), ('н', "n"), ('о', "o"), ('п', "p"), ('р', "r"),
        ('с', "s"), ('т', "t"), ('у', "u"), ('ф', "f"), ('х', "kh"), ('ц', "ts"), ('ч', "ch"), ('ш', "sh"),
        ('щ', "shch"), ('ы', "y"), ('э', "e"), ('ю', "yu"), ('я', "ya"),
    ];
    PAIRS
        .iter()
        .find(|(from, _)| *from == letter)
        .map_or("", |(_, to)| to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_agree_with_the_gender() {
        assert_eq!(surname("Соловьёв", Sex::F), "Соловьёва");
        assert_eq!(surname("Покровский", Sex::F), "Покровская");
        assert_eq!(surname("Озёрный", Sex::F), "Озёрная");
        assert_eq!(surname("Полевой", Sex::F), "Полевая");
        assert_eq!(surname("Черных", Sex::F), "Черных");
        assert_eq!(patronymic("Юрьевич", Sex::F), "Юрьевна");
        assert_eq!(login("Щербакова", 7), "shcherbakova-7");
    }
}
