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
