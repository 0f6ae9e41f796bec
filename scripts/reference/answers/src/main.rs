//! Answers cases as the published host does. Each line of the standard input is a case as JSON; each line of the
//! standard output is the answer to the case in the same place. A case that makes the host panic is answered with
//! `{"panic": text}`.

mod calls;
mod fuel;
mod identity;
mod layers;
mod records;
mod types;
mod variant;

use std::error::Error;
use std::io::{BufRead, Write, stdin, stdout};
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};

use serde::Deserialize;
use serde_json::{Value, json};
use shared::telemetry::Levels;
use tracing::level_filters::LevelFilter;

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

/// Cases see warnings and errors of the kernel only.
const LEVELS: Levels = Levels { host: LevelFilter::TRACE, kernel: LevelFilter::WARN };

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
