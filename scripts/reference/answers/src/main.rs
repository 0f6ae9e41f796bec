//! Answers cases as the published host does. Each line of the standard input is a case as JSON; each line of the
//! standard output is the answer to the case in the same place. A case that makes the host panic is answered with
//! `{"panic": text}`.

mod calls;
mod fuel;
mod identity;
mod layers;
mod records;
mod telemetry;
mod types;
mod variant;

use std::error::Error;
use std::io::{BufRead, Write, stdin, stdout};
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};

use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Case {
    Identity(identity::Case),
    Handshake(layers::HandshakeCase),
    SelfCheck(layers::SelfCheckCase),
    Dispatch(layers::DispatchCase),
    Type(types::Case),
    Record(records::Case),
    Registry(records::RegistryCase),
    OfferHash(records::OfferHashCase),
    Calls(calls::Case),
    Fuel(fuel::Case),
}

/// What a case is answered with; the error is one of the case itself, and ends the program.
type Answer = Result<Value, Box<dyn Error>>;

impl Case {
    fn answer(self) -> Answer {
        match self {
            Self::Identity(case) => case.answer(),
            Self::Handshake(case) => case.answer(),
            Self::SelfCheck(case) => case.answer(),
            Self::Dispatch(case) => case.answer(),
            Self::Type(case) => case.answer(),
            Self::Record(case) => case.answer(),
            Self::Registry(case) => case.answer(),
            Self::OfferHash(case) => case.answer(),
            Self::Calls(case) => case.answer(),
            Self::Fuel(case) => case.answer(),
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    set_hook(Box::new(|_| {}));
    let mut out = stdout().lock();
    for line in stdin().lock().lines() {
        let case: Case = serde_json::from_str(&line?)?;
        let answer = catch_unwind(AssertUnwindSafe(|| case.answer())).unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
            Ok(json!({ "panic": text }))
        })?;
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

mod bytes {
    use base64::{Engine, engine::general_purpose::STANDARD};
    use serde::{Deserialize, Deserializer, de::Error};

    /// Reads bytes that stand in a case as base64.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        STANDARD.decode(String::deserialize(deserializer)?).map_err(D::Error::custom)
    }

    /// Writes bytes for an answer.
    pub fn text(bytes: &[u8]) -> String {
        STANDARD.encode(bytes)
    }
}
