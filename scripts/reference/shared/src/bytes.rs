//! Bytes that stand in JSON as base64.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Deserializer, de::Error};

/// Reads bytes, as `#[serde(with)]` does.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    STANDARD.decode(String::deserialize(deserializer)?).map_err(D::Error::custom)
}

/// Reads base64 with padding.
pub fn read(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// Writes bytes.
pub fn text(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}
