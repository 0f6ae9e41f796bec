//! The layers in which a plugin is admitted.

use std::collections::BTreeSet;

use cc_lb_plugin_wire::handshake::{HandshakeError, HandshakeOffer};
use cc_lb_plugin_wire::self_check::SelfCheckError;
use cc_lb_runtime_protocol::handshake::{
    HandshakeExecutionError, build_offer, execute_handshake, slot_set_from_handshake,
};
use cc_lb_runtime_protocol::identity::{IdentityReadError, read_identity};
use cc_lb_runtime_protocol::self_check::{SelfCheckExecutionError, execute_self_check};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::budget::Budget;
use crate::end::{Outcome, failed, failure, kind, one, response, unsupported, violated};
use crate::texts::fields;

/// The failure that an error is, with the fields that are listed.
macro_rules! failure_of {
    ($error:expr, $type:ident { $($variant:ident { $($field:ident),* }),+ $(,)? }) => {
        match $error {
            $($type::$variant { $($field,)* .. } => {
                #[allow(unused_mut)]
                let mut fields = Map::new();
                $(fields.insert(document_name(stringify!($field)), json!($field));)*
                failure(stringify!($variant), fields)
            })+
            other => return Err(other.to_string().into()),
        }
    };
}

/// The documents join the words of a field's name by capitals.
fn document_name(field: &str) -> String {
    let mut words = field.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| name + &word[..1].to_uppercase() + &word[1..])
}

#[derive(Deserialize)]
pub struct Identity {
    #[serde(with = "shared::bytes")]
    wasm: Vec<u8>,
}

impl Identity {
    pub fn answer(self) -> Outcome {
        let error = match read_identity(&self.wasm) {
            Ok(identity) => return one(response(serde_json::to_string(&identity)?)),
            Err(IdentityReadError::Validation(error)) => violated("Validation", &kind(&format!("{error:?}"))),
            Err(error) => failure_of!(error, IdentityReadError {
                WasmParseError {},
                MissingCustomSection {},
                DuplicateCustomSection {},
                SectionTooLarge { size },
                MagicMismatch { expected, found },
                MalformedPayload {},
            }),
        };
        one(failed("identity", error))
    }
}

#[derive(Deserialize)]
pub struct Handshake {
    #[serde(with = "shared::bytes")]
    wasm: Vec<u8>,
    offer: Option<String>,
    #[serde(default)]
    budget: Budget,
}

impl Handshake {
    pub fn answer(self) -> Outcome {
        if let Some(lacks) = self.budget.lacks_in_layers() {
            return unsupported(lacks);
        }
        let offer = match &self.offer {
            Some(text) => serde_json::from_str::<HandshakeOffer>(text)?,
            None => build_offer(&BTreeSet::new()),
        };
        let error = match execute_handshake(&self.wasm, &offer) {
            Ok(accept) => {
                let slots = slot_set_from_handshake(&accept.implemented_functions);
                return one(json!({ "response": serde_json::to_string(&accept)?, "slots": slots }));
            }
            Err(HandshakeExecutionError::Validation(error)) => violated("Validation", &violation(error)?),
            Err(error) => failure_of!(error, HandshakeExecutionError {
                Instantiate {},
                MissingHandshakeExport {},
                SerializeOffer {},
                Call {},
                Timeout {},
                OutputTooLarge { bytes, max },
                DecodeAccept {},
                ImplementedFunctionCountExceeded { count, max },
                ImplementedUnknownFunction { function },
                SupportedUnknownFunction { function },
                SupportedVersionOutOfRange { function, version, min, max },
                ChosenFunctionNotImplemented { function },
                ChosenVersionNotSupported { function, version },
                DeclaredFunctionMissing { function },
                UndeclaredExport { function },
            }),
        };
        one(failed("handshake", error))
    }
}

fn violation(error: HandshakeError) -> Outcome<Value> {
    Ok(failure_of!(error, HandshakeError {
        FunctionCountExceeded { count, max },
        FunctionVersionCountExceeded { function, count, max },
        VersionOutOfRange { version, min, max },
        CapabilityCountExceeded { count, max },
        ChosenVersionNotOffered { function, version },
        ChosenForUnknownFunction { function },
        DowngradeAttempt { function, chosen, max_intersection },
        RequiredCapabilityUnavailable { capability },
        HandshakeSchemaVersionMismatch { got, expected },
    }))
}

#[derive(Deserialize)]
pub struct SelfCheck {
    #[serde(with = "shared::bytes")]
    wasm: Vec<u8>,
    slots: Option<Vec<String>>,
    clock: Option<i64>,
    #[serde(default)]
    budget: Budget,
}

impl SelfCheck {
    pub fn answer(self) -> Outcome {
        if self.slots.is_some() {
            return unsupported("the request names all functions, not those of slots");
        }
        if self.clock.is_some() {
            return unsupported("the clock is that of the system");
        }
        if let Some(lacks) = self.budget.lacks_in_layers() {
            return unsupported(lacks);
        }
        let error = match execute_self_check(&self.wasm) {
            Ok(checked) => return one(response(serde_json::to_string(&checked)?)),
            Err(SelfCheckExecutionError::Validation(error)) => violated("Validation", &time_or_kind(&error)),
            Err(error) => failure_of!(error, SelfCheckExecutionError {
                Instantiate {},
                MissingSelfCheckExport {},
                SerializeRequest {},
                Call {},
                OutputTooLarge { bytes, max },
                DecodeResponse {},
                SuccessWithFailures { count },
                FailureWithoutFailures {},
                FailureStatus { failures },
                Clock {},
            }),
        };
        one(failed("self_check", error))
    }
}

fn time_or_kind(error: &SelfCheckError) -> Value {
    match error {
        SelfCheckError::InvalidTimestamp(text) => invalid_timestamp(text),
        other => kind(&format!("{other:?}")),
    }
}

/// Names the field that the text of the error begins with.
pub fn invalid_timestamp(text: &str) -> Value {
    failure("InvalidTimestamp", fields("{field} must {}", text).unwrap_or_default())
}
