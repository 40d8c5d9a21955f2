//! The key by which push services know this server (VAPID, RFC 8292). A device's subscription is bound to it: another key, and every
//! device has to be turned on again.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};

/// The private key. Its text is for a file that its owner alone reads.
#[derive(Clone)]
pub struct Key(SigningKey);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

impl Key {
    /// Of 32 random bytes; `None` for the few that are no key (one in 2³²).
    #[must_use]
    pub fn from_random(bytes: &[u8; 32]) -> Option<Self> {
        SigningKey::from_slice(bytes).ok().map(Self)
    }

    /// Reads what [`Key::to_text`] wrote, as other programs write it too: base64url of the 32 bytes.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text.trim().trim_end_matches('=')).ok()?;
        Self::from_random(&bytes.try_into().ok()?)
    }

    /// For the file.
    #[must_use]
    pub fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.to_bytes())
    }

    /// What a browser subscribes with: base64url of the uncompressed point.
    #[must_use]
    pub fn public(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.verifying_key().to_encoded_point(false).as_bytes())
    }

    /// The header `Authorization` for a push service at `origin`, good until `until` (a day at most, or it is refused).
    #[must_use]
    pub fn authorization(&self, origin: &str, contact: &str, until: DateTime<Utc>) -> String {
        let claims = serde_json::json!({ "aud": origin, "exp": until.timestamp(), "sub": contact });
        let signed = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"ES256"}"#),
            URL_SAFE_NO_PAD.encode(claims.to_string())
        );
        let signature: Signature = self.0.sign(signed.as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(signature.to_bytes());
        format!("vapid t={signed}.{signature}, k={}", self.public())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use p256::ecdsa::VerifyingKey;
    use p256::ecdsa::signature::Verifier as _;

    #[test]
    fn a_key_reads_back_and_says_nothing_of_itself() {
        let key = Key::from_random(&[7; 32]).unwrap();
        let text = key.to_text();
        assert_eq!(
            Key::from_text(&format!("{text}\n")).unwrap().public(),
            key.public()
        );
        assert_eq!(format!("{key:?}"), "Key(…)");
        assert_eq!(key.public().len(), 87);
        for none in ["", "x", "AAAA", &text[1..], &"A".repeat(43)] {
            assert!(Key::from_text(none).is_none(), "{none:?}");
        }
        assert!(Key::from_random(&[0; 32]).is_none() && Key::from_random(&[255; 32]).is_none());
    }

    #[test]
    fn what_is_signed_is_checked_with_the_public_half() {
        let key = Key::from_random(&[9; 32]).unwrap();
        let until = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let header = key.authorization("https://push.example.org", "mailto:parta@example.org", until);
        let (token, public) = header
            .strip_prefix("vapid t=")
            .unwrap()
            .split_once(", k=")
            .unwrap();
        assert_eq!(public, key.public());
        let point = URL_SAFE_NO_PAD.decode(public).unwrap();
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let signature = Signature::from_slice(&URL_SAFE_NO_PAD.decode(signature).unwrap()).unwrap();
        let verifying = VerifyingKey::from_sec1_bytes(&point).unwrap();
        verifying.verify(signed.as_bytes(), &signature).unwrap();
        assert!(verifying.verify(b"another", &signature).is_err());
        let claims = URL_SAFE_NO_PAD.decode(signed.split_once('.').unwrap().1).unwrap();
        let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!(
            claims,
            serde_json::json!({"aud": "https://push.example.org", "exp": 1_800_000_000, "sub": "mailto:parta@example.org"})
        );
    }
}
