use serde::{Deserialize, Serialize, de::DeserializeOwned};
use shared::with_wire_type;

use crate::end::{Outcome, failed, kind, one, response, unsupported};

/// A text that is decoded as a type of the wire.
#[derive(Deserialize)]
pub struct Json {
    r#type: String,
    way: Way,
    #[serde(with = "shared::bytes")]
    json: Vec<u8>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Way {
    Direct,
    Value,
}

impl Json {
    pub fn answer(self) -> Outcome {
        match with_wire_type!(self.r#type.as_str(), decoded(self.way, &self.json)) {
            None => unsupported(format!("the crates have no type {}", self.r#type)),
            Some(Ok(text)) => one(response(text)),
            Some(Err(_)) => one(failed("json", kind("Refused"))),
        }
    }
}

/// What the text is written back as.
fn decoded<T: Serialize + DeserializeOwned>(way: Way, json: &[u8]) -> serde_json::Result<String> {
    let value: T = match way {
        Way::Direct => serde_json::from_slice(json)?,
        Way::Value => serde_json::from_value(serde_json::from_slice(json)?)?,
    };
    serde_json::to_string(&value)
}
