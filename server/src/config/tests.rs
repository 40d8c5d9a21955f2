use super::*;

fn file(text: &str) -> Result<Settings, toml::de::Error> {
    toml::from_str(text)
}

#[test]
fn the_nearer_layer_wins() {
    let near = Settings {
        address: "127.0.0.1:1".parse().ok(),
        ..Settings::default()
    };
    let far =
        file("address = '127.0.0.1:2'\nlog = 'json'\ntrusted_proxy = ['10.0.0.1']\ndata = '/srv/parta'")
            .unwrap();
    let config = near.over(far).check().unwrap();
    assert_eq!(config.address.port(), 1);
    assert_eq!(config.log, LogFormat::Json);
    assert_eq!(config.trusted_proxy, ["10.0.0.1".parse::<IpAddr>().unwrap()]);
    assert_eq!(config.data, Path::new("/srv/parta"));
    assert_eq!(config.public_url, "http://127.0.0.1:1");
}

#[test]
fn an_empty_database_url_is_none() {
    let settings = Settings {
        database_url: Some(String::new()),
        data: Some("/srv".into()),
        ..Settings::default()
    };
    assert_eq!(
        settings.over(Settings::default()).check().unwrap().database_url,
        None
    );
}

#[test]
fn a_login_to_serve_with_needs_an_owner_beside_it() {
    let with = |owner: Option<&str>| {
        Settings {
            database_url: owner.map(str::to_owned),
            serve_database_url: Some("postgres://parta_server@db/parta".to_owned()),
            data: Some("/srv".into()),
            ..Settings::default()
        }
        .check()
    };
    assert!(with(None).unwrap_err().to_string().contains("DATABASE_URL"));
    let config = with(Some("postgres://parta@db/parta")).unwrap();
    assert!(config.serve_database_url.unwrap().contains("parta_server"));
}

#[test]
fn what_searches_may_use_is_at_least_a_core() {
    let with = |cores, at_once| {
        let settings = Settings {
            compose_cores: cores,
            compose_at_once: at_once,
            data: Some("/srv".into()),
            ..Settings::default()
        };
        settings.check()
    };
    let config = with(Some(6), Some(2)).unwrap();
    assert_eq!((config.compose.threads, config.compose.at_once), (6, 2));
    assert!(with(None, None).unwrap().compose.threads >= 1);
    for (cores, at_once) in [(Some(0), None), (None, Some(0))] {
        assert!(
            with(cores, at_once)
                .unwrap_err()
                .to_string()
                .contains("1 or more")
        );
    }
    assert_eq!(file("compose_at_once = 3").unwrap().compose_at_once, Some(3));
}

#[test]
fn a_misspelt_key_is_refused() {
    assert!(
        file("adress = '127.0.0.1:2'")
            .unwrap_err()
            .to_string()
            .contains("adress")
    );
}

#[test]
fn metrics_stay_on_the_machine() {
    let open = Settings {
        metrics_address: "0.0.0.0:9000".parse().ok(),
        ..Settings::default()
    };
    assert!(
        open.check()
            .unwrap_err()
            .to_string()
            .contains("not for the public")
    );
    let closed = Settings {
        metrics_address: "[::1]:9000".parse().ok(),
        data: Some("/srv".into()),
        ..Settings::default()
    };
    assert!(closed.check().is_ok());
}

#[test]
fn the_public_address_has_a_scheme_and_no_slash() {
    let with = |url: &str| {
        Settings {
            public_url: Some(url.into()),
            data: Some("/srv".into()),
            ..Settings::default()
        }
        .check()
    };
    assert_eq!(
        with("https://school.example/").unwrap().public_url,
        "https://school.example"
    );
    assert!(with("school.example").is_err());
}

#[test]
fn letters_need_somebody_they_are_from() {
    let with = |from: Option<&str>| {
        Settings {
            mail_server: Some("smtps://parta:secret@mail.example.org".to_owned()),
            mail_from: from.map(str::to_owned),
            data: Some("/srv".into()),
            ..Settings::default()
        }
        .check()
    };
    assert!(with(None).unwrap_err().to_string().contains("PARTA_MAIL_FROM"));
    let config = with(Some("Парта <parta@example.org>")).unwrap();
    assert!(!format!("{config:?}").contains("secret"));
    assert_eq!(config.mail.unwrap().from, "Парта <parta@example.org>");
}

#[test]
fn devices_are_told_unless_somebody_says_no() {
    let with = |push, inside: Option<&str>, url: Option<&str>, from: Option<&str>| {
        Settings {
            push,
            push_inside: inside.map(str::to_owned),
            public_url: url.map(str::to_owned),
            mail_server: from.map(|_| "smtps://mail.example.org".to_owned()),
            mail_from: from.map(str::to_owned),
            data: Some("/srv".into()),
            ..Settings::default()
        }
        .check()
    };
    let push = with(None, None, Some("https://parta.example.org/"), None)
        .unwrap()
        .push
        .unwrap();
    assert_eq!(push.key, Path::new("/srv/push.key"));
    assert_eq!(push.contact, "https://parta.example.org");
    let push = with(
        None,
        Some("http://127.0.0.1:8030/"),
        None,
        Some("Парта <parta@example.org>"),
    )
    .unwrap()
    .push
    .unwrap();
    assert_eq!(push.contact, "mailto:parta@example.org");
    assert_eq!(push.inside.as_deref(), Some("http://127.0.0.1:8030"));
    assert!(with(Some(false), None, None, None).unwrap().push.is_none());
    for wrong in ["127.0.0.1", "ftp://a", "https://", "https://a/b", "https://u@a"] {
        assert!(with(None, Some(wrong), None, None).is_err(), "{wrong}");
    }
}
