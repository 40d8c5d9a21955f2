//! The schema against its own rules: walks the catalogue of a freshly migrated database, so that a new table, policy,
//! key, view or function is judged without anybody thinking of it.
//!
//! A rule is one question that names the offenders. Its exceptions are a list that must only shrink. To add a rule: an
//! entry of [`RULES`] with an offence that it must find, so that no rule is deaf.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

use server::commands::database::MIGRATIONS;
use server::postgres::testing::TestDatabase;
use sqlx::postgres::PgConnection;
use sqlx::{Executor as _, Row};

struct Rule {
    name: &'static str,
    /// Who offends, as one column of text.
    question: &'static str,
    /// Who may.
    exceptions: &'static [&'static str],
    /// A statement after which there is one offender more.
    offence: &'static str,
}

async fn offenders(connection: &mut PgConnection, question: &'static str) -> Vec<String> {
    let rows = connection.fetch_all(question).await.unwrap();
    rows.iter().map(|row| row.get::<String, _>(0)).collect()
}

#[tokio::test]
async fn the_schema_keeps_its_rules() {
    let database = TestDatabase::create(&MIGRATIONS).await.unwrap();
    let mut connection = database.pool.acquire().await.unwrap();
    let mut broken = Vec::new();
    for rule in RULES {
        let found = offenders(&mut connection, rule.question).await;
        for name in found.iter().filter(|f| !rule.exceptions.contains(&f.as_str())) {
            broken.push(format!("{}: {name}", rule.name));
        }
        for name in rule.exceptions.iter().filter(|e| !found.iter().any(|f| f == *e)) {
            broken.push(format!(
                "{}: {name} is no exception any more, take it off the list",
                rule.name
            ));
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
    drop(connection);
    database.remove().await.unwrap();
}

#[tokio::test]
async fn each_rule_finds_an_offence() {
    let database = TestDatabase::create(&MIGRATIONS).await.unwrap();
    let mut connection = database.pool.acquire().await.unwrap();
    for rule in RULES {
        let before = offenders(&mut connection, rule.question).await.len();
        connection.execute("begin").await.unwrap();
        connection.execute(rule.offence).await.unwrap();
        let after = offenders(&mut connection, rule.question).await.len();
        connection.execute("rollback").await.unwrap();
        assert!(after > before, "{} is deaf", rule.name);
    }
    drop(connection);
    database.remove().await.unwrap();
}

/// A refusal of the database becomes words for a person by the constraint's name.
#[tokio::test]
async fn every_constraint_has_words_for_a_person() {
    let database = TestDatabase::create(&MIGRATIONS).await.unwrap();
    let mut connection = database.pool.acquire().await.unwrap();
    let names = offenders(
        &mut connection,
        r"select conname::text from pg_constraint
          where connamespace = 'public'::regnamespace and contype in ('c', 'u', 'x', 'f', 'p')
            and conrelid <> 0 and conrelid::regclass::text <> '_sqlx_migrations'
          union
          select i.indexrelid::regclass::text from pg_index i join pg_class c on c.oid = i.indrelid
          where c.relnamespace = 'public'::regnamespace and i.indisunique
            and c.relname <> '_sqlx_migrations'
          union
          select m[1] from pg_proc p, regexp_matches(p.prosrc, 'constraint = ''(\w+)''', 'g') m
          where p.pronamespace = 'public'::regnamespace
          order by 1",
    )
    .await;
    assert!(names.len() > 100, "the catalogue was walked: {}", names.len());
    let mute: Vec<_> = names
        .iter()
        .filter(|name| base::sql::words_of(name).is_none())
        .collect();
    assert!(mute.is_empty(), "teach base::sql::words_of these: {mute:#?}");
    for name in &names {
        let words = base::sql::words_of(name).unwrap();
        for lang in [base::Lang::Ru, base::Lang::En] {
            assert!(!(words.text)(lang).is_empty(), "{name}");
        }
    }
    drop(connection);
    database.remove().await.unwrap();
}

/// Ё stands beside Е, and 2 before 10, whatever locale the cluster was made with.
#[tokio::test]
async fn names_sort_as_people_expect() {
    let database = TestDatabase::create(&MIGRATIONS).await.unwrap();
    let mut connection = database.pool.acquire().await.unwrap();
    connection
        .execute(
            "insert into organisation (id, kind, name, short_name, path) values (1, 'school', 'x', 'x', '{1}');
             insert into person (last_name, first_name) values ('Яшин', 'А'), ('Ёлкин', 'А'), ('Жуков', 'А'), ('Ежов', 'А'), ('ёжик', 'А');
             insert into room (school_id, name) values (1, '10'), (1, '2'), (1, '2а'), (1, 'актовый зал'), (1, 'Ёлка')",
        )
        .await
        .unwrap();
    let people = offenders(&mut connection, "select last_name from person order by last_name").await;
    assert_eq!(people, ["ёжик", "Ежов", "Ёлкин", "Жуков", "Яшин"]);
    let rooms = offenders(&mut connection, "select name from room order by name").await;
    assert_eq!(rooms, ["2", "2а", "10", "актовый зал", "Ёлка"]);
    drop(connection);
    database.remove().await.unwrap();
}

/// Nobody rewrites history, not even the owner.
#[tokio::test]
async fn history_is_append_only() {
    let database = TestDatabase::create(&MIGRATIONS).await.unwrap();
    for statement in [
        "delete from audit_event",
        "truncate audit_event",
        "update audit_event set action = 'x'",
        "delete from account_event",
        "truncate account_event",
        "update account_event set kind = 'x'",
    ] {
        let refused = database.pool.execute(statement).await.unwrap_err();
        assert!(
            refused.to_string().contains("append-only"),
            "{statement}: {refused}"
        );
    }
    database.remove().await.unwrap();
}

const RULES: &[Rule] = &[
    // A table without forced row-level security, or with it and no policy, is open or dead.
    Rule {
        name: "every table has forced walls",
        question: "select c.relname::text from pg_class c
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
           and not (c.relrowsecurity and c.relforcerowsecurity
                    and exists (select from pg_policy p where p.polrelid = c.oid and p.polpermissive))
         order by 1",
        exceptions: &["_sqlx_migrations"],
        offence: "create table bad (id bigint primary key)",
    },
    // `using` alone would let a row be written that its writer may not see.
    Rule {
        name: "every policy that writes has a check of its own",
        question: "select format('%s on %s', polname, polrelid::regclass) from pg_policy
         where (polcmd in ('a', 'w', '*') and polwithcheck is null) or (polcmd in ('r', 'w', 'd', '*') and polqual is null)
         order by 1",
        exceptions: &[],
        offence: "create policy bad on room for update using (true)",
    },
    // `(select current_school())` is evaluated once a statement, a bare call once a row.
    Rule {
        name: "every policy reads its settings once a statement",
        question: r"select format('%s on %s: %s', polname, polrelid::regclass, text)
          from pg_policy, lateral (values (pg_get_expr(polqual, polrelid)), (pg_get_expr(polwithcheck, polrelid))) e (text)
          where regexp_replace(text, '\( SELECT (current_(school|person|task|pupils)\(\)) AS \w+\)', '', 'g')
                ~ 'current_(school|person|task|pupils)\(|current_setting'
          order by 1",
        exceptions: &[],
        offence: "create policy bad on room using (school_id = current_school()) with check (true)",
    },
    // Without an index on its columns a delete on the other side reads the whole table.
    Rule {
        name: "every foreign key is indexed",
        question: "select format('%s on %s', k.conname, k.conrelid::regclass) from pg_constraint k
         where k.contype = 'f' and k.connamespace = 'public'::regnamespace
           and not exists (
               select from pg_index i
               where i.indrelid = k.conrelid and i.indisvalid and i.indpred is null
                 and (select array_agg(c order by c) from unnest((i.indkey::int2[])[0:cardinality(k.conkey) - 1]) c)
                   = (select array_agg(c order by c) from unnest(k.conkey) c))
         order by 1",
        exceptions: &[],
        offence: "drop index room_building",
    },
    // A view runs with its owner's rights and leaks past the walls, unless it says `security_invoker`.
    Rule {
        name: "every view acts as its caller",
        question: "select c.oid::regclass::text from pg_class c
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('v', 'm')
           and not (c.relkind = 'v' and coalesce(c.reloptions::text, '') ~ 'security_invoker=(true|on|1)')
           and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
         order by 1",
        exceptions: &[],
        offence: "create view bad as select * from mark",
    },
    // The same of functions.
    Rule {
        name: "no function acts as its owner",
        question: "select p.oid::regprocedure::text from pg_proc p
         where p.pronamespace = 'public'::regnamespace and p.prosecdef
           and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
         order by 1",
        exceptions: &[],
        offence: "create function bad() returns int language sql security definer as 'select 1'",
    },
    // These look over the school's wall on purpose; each answers with as little as its comment says.
    Rule {
        name: "few functions lift the walls",
        question: "select p.oid::regprocedure::text from pg_proc p
         where p.pronamespace = 'public'::regnamespace
           and (p.proconfig::text like '%app.%' or p.prosrc ~ 'set_config|row_security')
         order by 1",
        exceptions: &["class_average(bigint[],date,date,boolean,bigint[],text[],bigint[])", "class_average_pupils(bigint[],date,date)",
            "class_average_pupils(bigint[],date,date,bigint[],text[],bigint[])", "first_free_login(text[])", "free_logins(text[])", "issued_elsewhere(bigint[],bigint,date)",
            "issues_passwords_elsewhere(bigint,bigint,date)",
            "tell_schools_of(bigint,timestamp with time zone,text,text,text,jsonb,bigint)"],
        offence: "create function bad() returns int language sql set \"app.task\" = 'session' as 'select 1'",
    },
    // The role of the application is as small as it can be.
    Rule {
        name: "the application owns nothing and passes no wall",
        question: "select 'may ' || what from pg_roles,
             lateral (values ('be superuser', rolsuper), ('bypass walls', rolbypassrls), ('create databases', rolcreatedb),
                             ('create roles', rolcreaterole), ('replicate', rolreplication), ('sign in', rolcanlogin)) r (what, yes)
         where rolname = 'parta_app' and yes
         union all
         select 'owns ' || oid::regclass::text from pg_class where relowner = 'parta_app'::regrole
         union all
         select 'owns ' || oid::regprocedure::text from pg_proc where proowner = 'parta_app'::regrole
         union all
         select 'is member of ' || roleid::regrole::text from pg_auth_members where member = 'parta_app'::regrole
         union all
         select format('may %s %s', p.privilege_type, c.oid::regclass) from pg_class c, aclexplode(c.relacl) p
         where c.relnamespace = 'public'::regnamespace and p.grantee in (0, 'parta_app'::regrole)
           and p.privilege_type in ('TRUNCATE', 'REFERENCES', 'TRIGGER')
         union all
         select 'everyone may ' || p.privilege_type || ' ' || c.oid::regclass::text from pg_class c, aclexplode(c.relacl) p
         where c.relnamespace = 'public'::regnamespace and p.grantee = 0
         union all
         select 'may create in the schema' where has_schema_privilege('parta_app', 'public', 'create')",
        exceptions: &[],
        offence: "alter table room owner to parta_app",
    },
    // So that a school's rows lie together. A job may belong to no school.
    Rule {
        name: "every key of school data begins with the school",
        question: "select c.oid::regclass::text from pg_class c
         join pg_attribute a on a.attrelid = c.oid and a.attname = 'school_id' and not a.attisdropped
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
           and not exists (select from pg_constraint k
                           where k.conrelid = c.oid and k.contype = 'p' and k.conkey[1] = a.attnum)
         order by 1",
        exceptions: &["job"],
        offence: "create table bad (school_id bigint, id bigint primary key)",
    },
    // So that no row of one school can point into another.
    Rule {
        name: "every foreign key between school data carries the school",
        question: "select format('%s on %s', k.conname, k.conrelid::regclass) from pg_constraint k
         join pg_attribute here on here.attrelid = k.conrelid and here.attname = 'school_id'
         join pg_attribute there on there.attrelid = k.confrelid and there.attname = 'school_id'
         where k.contype = 'f' and k.connamespace = 'public'::regnamespace
           and not exists (select from unnest(k.conkey, k.confkey) pair (h, t)
                           where pair.h = here.attnum and pair.t = there.attnum)
         order by 1",
        exceptions: &[],
        offence: "alter table job add constraint bad foreign key (id) references job (id)",
    },
    Rule {
        name: "every table says what it is",
        question: "select c.relname::text from pg_class c
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
           and coalesce(obj_description(c.oid, 'pg_class'), '') = ''
         order by 1",
        exceptions: &["_sqlx_migrations"],
        offence: "create table bad (id bigint primary key)",
    },
    // Ids are 64 bits wide, moments carry their zone, marks are exact.
    Rule {
        name: "no column has a type that lies",
        question: "select format('%s.%s %s', c.oid::regclass, a.attname, format_type(a.atttypid, a.atttypmod))
         from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> '_sqlx_migrations'
           and (format_type(a.atttypid, null) in ('timestamp without time zone', 'real', 'double precision', 'money', 'json',
                                                  'character varying', 'character', 'time with time zone')
                or (a.attname ~ '(^|_)id$' and format_type(a.atttypid, null) not in ('bigint', 'uuid')))
         order by 1",
        exceptions: &[],
        offence: "alter table room add column opened_at timestamp",
    },
];
