//! A device in words that its owner recognises, from the `User-Agent` header.

/// The device did not say; screens have their own words for it.
pub const UNKNOWN: &str = "?";

/// «Chrome, Android».
#[must_use]
pub fn describe(user_agent: &str) -> String {
    let browser = first(
        user_agent,
        // the order matters: everyone claims to be Safari, and half of them Chrome
        &[
            ("YaBrowser", "Яндекс Браузер"),
            ("Edg", "Edge"),
            ("OPR", "Opera"),
            ("SamsungBrowser", "Samsung Internet"),
            ("Firefox", "Firefox"),
            ("FxiOS", "Firefox"),
            ("CriOS", "Chrome"),
            ("Chrome", "Chrome"),
            ("Safari", "Safari"),
            ("curl", "curl"),
        ],
    );
    let system = first(
        user_agent,
        &[
            ("iPhone", "iPhone"),
            ("iPad", "iPad"),
            ("Android", "Android"),
            ("Windows", "Windows"),
            ("Macintosh", "macOS"),
            ("CrOS", "ChromeOS"),
            ("Linux", "Linux"),
        ],
    );
    match (browser, system) {
        (Some(b), Some(s)) => format!("{b}, {s}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => UNKNOWN.to_owned(),
    }
}

fn first(user_agent: &str, signs: &[(&str, &'static str)]) -> Option<&'static str> {
    signs
        .iter()
        .find(|(sign, _)| user_agent.contains(sign))
        .map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_recognise_their_devices() {
        let phone = "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36";
        assert_eq!(describe(phone), "Chrome, Android");
        let mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15";
        assert_eq!(describe(mac), "Safari, macOS");
        let yandex = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/138.0 YaBrowser/25.8 Safari/537.36";
        assert_eq!(describe(yandex), "Яндекс Браузер, Windows");
        assert_eq!(describe(""), UNKNOWN);
        assert_eq!(describe("<script>"), UNKNOWN);
    }
}
