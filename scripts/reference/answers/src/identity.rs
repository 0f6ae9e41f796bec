use cc_lb_runtime_protocol::identity::{IdentityReadError, read_identity};
use serde::Deserialize;
use serde_json::json;

use crate::Answer;
use crate::variant::{name, nested, variant};

#[derive(Deserialize)]
pub struct Case {
    #[serde(with = "shared::bytes")]
    wasm: Vec<u8>,
}

impl Case {
    pub fn answer(self) -> Answer {
        Ok(match read_identity(&self.wasm) {
            Ok(identity) => json!({ "ok": identity }),
            Err(error @ (IdentityReadError::WasmParseError(_) | IdentityReadError::MalformedPayload(_))) => {
                json!({ "error": name(&format!("{error:?}")) })
            }
            Err(IdentityReadError::Validation(error)) => json!({ "error": nested("Validation", &error) }),
            Err(error) => json!({ "error": variant(&error) }),
        })
    }
}
