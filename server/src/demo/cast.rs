//! The people one signs in as: always the same, whatever the seed. What each sees is told in [`super`].

use super::layout::STAR_CLASS;
use super::names::Sex;

/// The password of every demo account but one. It is public: see [`super::is_present`].
pub const PASSWORD: &str = "parta-demo";
/// argon2id (t = 2, m = 19456 KiB, p = 1) of [`PASSWORD`], worked out once.
pub const PASSWORD_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$cGFydGEtZGVtby1zYWx0MQ$tyUW5Ycp8+xym4CTXe2EqDXvBeosWhR1JW3u+MCZVMM";
/// The issued password of the account that must change it.
pub const ISSUED: &str = "first-sign-in";
/// argon2id of [`ISSUED`].
pub const ISSUED_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$cGFydGEtZGVtby1zYWx0Mg$i51s9wOKfZuZZMAfpnmXbyiZy0b1Tdpv2Ba4wvYEhpo";

/// Where somebody works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Post {
    /// A position without lessons, by its template.
    Office(&'static str),
    /// The mathematician of the star class.
    StarMathematician,
    /// The guest from another school.
    Guest,
    /// The class teacher of the star class.
    StarClassTeacher,
    /// The first teacher of the first department.
    AnyTeacher,
}

/// Which institution: the n-th school, the college, the region itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The school of this number, from 1.
    School(i64),
    /// The college.
    College,
    /// The region.
    Region,
}

/// One of the cast.
#[derive(Debug)]
pub struct Actor {
    /// `person.id`.
    pub id: i64,
    /// Login; also the account's number is the person's.
    pub login: &'static str,
    /// For the list of logins.
    pub role: &'static str,
    /// Surname, first name, patronymic.
    pub name: [&'static str; 3],
    /// Gender.
    pub sex: Sex,
    /// Posts.
    pub posts: &'static [(Place, Post)],
    /// Must change an issued password.
    pub newcomer: bool,
}

/// A child of the cast: in the class of the n-th school.
#[derive(Debug)]
pub struct Child {
    /// `person.id`.
    pub id: i64,
    /// The guardian's.
    pub parent: i64,
    /// The school, from 1.
    pub school: i64,
    /// The class.
    pub class: &'static str,
    /// Surname, first name, patronymic.
    pub name: [&'static str; 3],
    /// Gender.
    pub sex: Sex,
    /// Login, where it is one of the printed.
    pub login: Option<&'static str>,
}

const fn actor(
    id: i64,
    login: &'static str,
    role: &'static str,
    name: [&'static str; 3],
    sex: Sex,
    posts: &'static [(Place, Post)],
) -> Actor {
    Actor {
        id,
        login,
        role,
        name,
        sex,
        posts,
        newcomer: false,
    }
}

use Place::{College, Region, School};
use Post::{AnyTeacher, Guest, Office, StarClassTeacher, StarMathematician};
use Sex::{F, M};

/// Everyone who is not a child.
#[rustfmt::skip]
pub const ACTORS: &[Actor] = &[
    actor(11, "deputy", "deputy director, School 1", ["Воронцова", "Елена", "Павловна"], F, &[(School(1), Office("deputy"))]),
    actor(
        12,
        "teacher",
        "teacher of mathematics in Schools 1 and 2, mother of a pupil of 5Б",
        ["Лебедева", "Анна", "Викторовна"],
        F,
        &[(School(1), StarMathematician), (School(2), Guest)],
    ),
    actor(13, "classteacher", "class teacher of 7А, School 1", ["Орлова", "Наталья", "Михайловна"], F, &[(School(1), StarClassTeacher)]),
    actor(14, "parent", "mother of two pupils (7А and 3Б), School 1", ["Соколова", "Марина", "Андреевна"], F, &[]),
    actor(15, "parent3", "mother of three pupils in Schools 1 and 2", ["Белкина", "Ольга", "Сергеевна"], F, &[]),
    actor(16, "director", "director, School 1", ["Громов", "Сергей", "Николаевич"], M, &[(School(1), Office("director"))]),
    actor(17, "admin", "administrator, School 1", ["Зайцев", "Павел", "Игоревич"], M, &[(School(1), Office("administrator"))]),
    actor(18, "college", "teacher of the college", ["Крылов", "Андрей", "Борисович"], M, &[(College, AnyTeacher)]),
    actor(19, "operator", "operator of the region", ["Мельникова", "Ирина", "Алексеевна"], F, &[(Region, Office("operator"))]),
    Actor {
        newcomer: true,
        ..actor(
            20,
            "newcomer",
            "secretary, School 1, first sign-in with an issued password",
            ["Новикова", "Дарья", "Олеговна"],
            F,
            &[(School(1), Office("secretary"))],
        )
    },
    actor(21, "deputy2", "deputy director, School 2", ["Рябинина", "Вера", "Ильинична"], F, &[(School(2), Office("deputy"))]),
];

const fn child(
    id: i64,
    parent: i64,
    school: i64,
    class: &'static str,
    name: [&'static str; 3],
    sex: Sex,
) -> Child {
    Child {
        id,
        parent,
        school,
        class,
        name,
        sex,
        login: None,
    }
}

/// The children of the cast.
#[rustfmt::skip]
pub const CHILDREN: &[Child] = &[
    Child {
        login: Some("pupil"),
        ..child(31, 14, 1, STAR_CLASS, ["Соколов", "Артём", "Дмитриевич"], M)
    },
    child(32, 14, 1, "3Б", ["Соколова", "Полина", "Дмитриевна"], F),
    child(33, 15, 1, "5А", ["Белкин", "Тимофей", "Романович"], M),
    child(34, 15, 1, "2А", ["Белкина", "Варвара", "Романовна"], F),
    child(35, 15, 2, "3А", ["Белкин", "Матвей", "Романович"], M),
    child(36, 12, 1, "5Б", ["Лебедев", "Илья", "Максимович"], M),
];

/// Who of the cast has a post.
pub fn holder(place: Place, post: Post) -> Option<&'static Actor> {
    ACTORS.iter().find(|a| a.posts.contains(&(place, post)))
}
