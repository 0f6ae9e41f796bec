//! The published hosts of both generations, as a driver of the test vectors: see "The driver protocol" in
//! abi/vectors/README.md.

mod budget;
mod calls;
mod dispatch;
mod end;
mod fuel;
mod hooks;
mod layers;
mod module;
mod plugin;
mod plugin_failures;
mod records;
mod texts;
mod wire;

use std::io::{BufRead, Write, stdin, stdout};
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use end::{Answer, Outcome, failed, kind, one, unsupported};

/// What is the same in all layers.
#[derive(Deserialize)]
struct Vector {
    id: String,
    layer: String,
    #[serde(default)]
    flags: Vec<String>,
}

/// What the published hosts lack: a flag, and layers that begin like this.
const LACKS: [(&str, &str, &str); 5] = [
    ("layout", "", "the kernel of Extism lays out its memory in its own way"),
    ("fuel:kernel", "", "the kernel of Extism burns its own instructions"),
    ("fuel:bulk", "", "bulk operations cost by the bytes and entries that they work on"),
    ("fuel:hooks", "", "hooks have no fuel"),
    ("time", "hooks", "hooks have no deadline"),
];

fn main() -> Outcome<()> {
    set_hook(Box::new(|_| {}));
    let mut out = stdout().lock();
    for line in stdin().lock().lines() {
        let line = line?;
        let vector: Vector = serde_json::from_str(&line)?;
        let answer = catch_unwind(AssertUnwindSafe(|| answer(&vector, &line)))
            .unwrap_or_else(|_| one(failed("host", kind("Panic"))))?;
        let told = match answer {
            Answer::Ends(ends) => json!({ "id": vector.id, "ends": ends }),
            Answer::Unsupported(lacks) => json!({ "id": vector.id, "unsupported": lacks }),
        };
        writeln!(out, "{told}")?;
        out.flush()?;
    }
    Ok(())
}

fn answer(vector: &Vector, line: &str) -> Outcome {
    for (flag, layers, lacks) in LACKS {
        if vector.layer.starts_with(layers) && vector.flags.iter().any(|needed| needed == flag) {
            return unsupported(lacks);
        }
    }
    let answer = answer_layer(&vector.layer, line)?;
    // An engine that lacks a feature cannot say what a module that uses it does.
    let needed = vector.flags.iter().find_map(|flag| flag.strip_prefix("feature:"));
    match (needed, &answer) {
        (Some(feature), Answer::Ends(ends)) if ends.iter().any(is_refused) => {
            unsupported(format!("the engine refuses {feature}"))
        }
        _ => Ok(answer),
    }
}

fn is_refused(end: &serde_json::Value) -> bool {
    matches!(end["layer"].as_str(), Some("build" | "compile")) && end["error"]["kind"] == "FeatureRefused"
}

fn answer_layer(layer: &str, line: &str) -> Outcome {
    match layer {
        "json" => given::<wire::Json>(line)?.answer(),
        "identity" => given::<layers::Identity>(line)?.answer(),
        "handshake" => given::<layers::Handshake>(line)?.answer(),
        "self-check" => given::<layers::SelfCheck>(line)?.answer(),
        "record" => given::<records::Record>(line)?.answer(),
        "offers" => given::<records::Offer>(line)?.answer(),
        "requests" => given::<dispatch::Request>(line)?.answer(),
        "dispatch" => given::<dispatch::Dispatch>(line)?.answer(),
        "kernel" => given::<calls::Kernel>(line)?.answer(),
        "host-functions" => given::<calls::HostFunctions>(line)?.answer(),
        "fuel" => given::<fuel::Fuel>(line)?.answer(),
        "hooks-archives" => given::<hooks::archives::Archives>(line)?.answer(),
        "hooks-inspection" => given::<hooks::admission::Inspection>(line)?.answer(),
        "hooks-dispatch" => given::<hooks::dispatch::Dispatch>(line)?.answer(),
        other => unsupported(format!("there is no layer {other} here")),
    }
}

fn given<T: DeserializeOwned>(line: &str) -> Outcome<T> {
    Ok(serde_json::from_str(line)?)
}
