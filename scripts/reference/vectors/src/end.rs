//! How a vector or a step ends, as abi/vectors/README.md says it.

use serde_json::{Map, Value, json};

/// What a vector is answered with.
pub enum Answer {
    Ends(Vec<Value>),
    /// What this host lacks.
    Unsupported(String),
}

/// The error is one of the vector itself, and ends the program.
pub type Outcome<T = Answer> = Result<T, Box<dyn std::error::Error>>;

/// The answer to a vector without steps.
pub fn one(end: Value) -> Outcome {
    Ok(Answer::Ends(vec![end]))
}

pub fn unsupported(lacks: impl Into<String>) -> Outcome {
    Ok(Answer::Unsupported(lacks.into()))
}

/// A value that a layer returns.
pub fn response(text: String) -> Value {
    json!({ "response": text })
}

pub fn failed(layer: &str, error: Value) -> Value {
    json!({ "layer": layer, "error": error })
}

/// A failure without fields.
pub fn kind(kind: &str) -> Value {
    json!({ "kind": kind })
}

pub fn failure(kind: &str, fields: Map<String, Value>) -> Value {
    if fields.is_empty() { json!({ "kind": kind }) } else { json!({ "kind": kind, "fields": fields }) }
}

/// A failure in a failure.
pub fn violated(kind: &str, violation: &Value) -> Value {
    let mut flat = violation["fields"].as_object().cloned().unwrap_or_default();
    flat.insert("kind".to_owned(), violation["kind"].clone());
    json!({ "kind": kind, "fields": { "violation": flat } })
}
