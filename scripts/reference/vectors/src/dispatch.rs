//! Requests to wire functions.

use std::collections::{BTreeMap, BTreeSet};

use cc_lb_plugin_wire::augmented_metadata::AugmentedMetadata;
use cc_lb_plugin_wire::identity::{CC_LB_PLUGIN_MAGIC, PluginIdentity};
use cc_lb_plugin_wire::wire_function::WireFunction;
use cc_lb_plugin_wire::{v1, v2, v3};
use cc_lb_runtime_protocol::dispatch::{DispatchOutcome, dispatch_wire_call};
use extism::{Manifest, PTR, Plugin, PluginBuilder, UserData, Wasm, host_fn};
use serde::Deserialize;
use serde_json::{Value, json};
use shared::telemetry::{Levels, Seen, recording};
use tracing::level_filters::LevelFilter;

use crate::budget::Budget;
use crate::calls::{DEFAULT_NAME, DEFAULT_QUOTA, told};
use crate::end::{Answer, Outcome, failed, failure, one, unsupported};
use crate::plugin::Build;
use crate::plugin_failures::build_failure;
use crate::texts::fields;

/// Calls a function of one of the wire functions; `None` if the crate does not have the function.
macro_rules! with_wire_function {
    ($step:expr, $function:ident($($argument:expr),*)) => {
        match ($step.function.as_str(), $step.types.as_deref().unwrap_or("v1")) {
            ("shape", "v1") => Some($function::<v1::shape::ShapeFn>($($argument),*)),
            ("shape", _) => Some($function::<v2::shape::ShapeFn>($($argument),*)),
            ("normalize_error", "v1") => Some($function::<v1::normalize_error::NormalizeErrorFn>($($argument),*)),
            ("normalize_error", _) => Some($function::<v2::normalize_error::NormalizeErrorFn>($($argument),*)),
            ("build_signer", "v1") => Some($function::<v1::build_signer::BuildSignerFn>($($argument),*)),
            ("build_signer", _) => Some($function::<v2::build_signer::BuildSignerFn>($($argument),*)),
            ("sign", "v1") => Some($function::<v1::sign::SignFn>($($argument),*)),
            ("sign", _) => Some($function::<v2::sign::SignFn>($($argument),*)),
            ("on_unauthorized", "v1") => Some($function::<v1::on_unauthorized::OnUnauthorizedFn>($($argument),*)),
            ("on_unauthorized", _) => Some($function::<v2::on_unauthorized::OnUnauthorizedFn>($($argument),*)),
            ("observe", "v1") => Some($function::<v1::observe::ObserveFn>($($argument),*)),
            ("observe", _) => Some($function::<v2::observe::ObserveFn>($($argument),*)),
            ("filter", _) => Some($function::<v3::filter::FilterFn>($($argument),*)),
            _ => None,
        }
    };
}

#[derive(Deserialize)]
struct Step {
    function: String,
    types: Option<String>,
    request: String,
}

/// What a step ends with; `None` if the request is not of its type, which cannot happen to the crate.
type End = Outcome<Option<Value>>;

const UNTYPED: &str = "requests have types, so there are none of another type";

#[derive(Deserialize)]
pub struct Request {
    #[serde(flatten)]
    step: Step,
    version: Value,
}

impl Request {
    pub fn answer(self) -> Outcome {
        let Some(metadata) = metadata([(self.step.function.clone(), self.version)]) else {
            return unsupported("versions are integers of 32 bits");
        };
        match with_wire_function!(self.step, written(&self.step, &metadata)) {
            None => unsupported(format!("the crates have no function {}", self.step.function)),
            Some(end) => end?.map_or_else(|| unsupported(UNTYPED), one),
        }
    }
}

host_fn!(see(seen: String; input: String) {
    let seen = seen.get()?;
    *seen.lock().map_err(|_| extism::Error::msg("the lock is poisoned"))? = input;
    Ok(())
});

/// What the host writes, as a plugin sees it.
fn written<F: WireFunction>(step: &Step, metadata: &AugmentedMetadata) -> End {
    let Ok(request) = serde_json::from_str(&step.request) else { return Ok(None) };
    let wat = format!(
        r#"(module (import "extism:host/env" "input_offset" (func $input (result i64)))
          (import "extism:host/user" "see" (func $see (param i64)))
          (func (export "{}") (call $see (call $input))))"#,
        F::NAME
    );
    let seen = UserData::new(String::new());
    let manifest = Manifest::new([Wasm::data(wat)]);
    let builder = PluginBuilder::new(manifest).with_wasi(false).with_function("see", [PTR], [], seen.clone(), see);
    dispatch_wire_call::<F>(&mut builder.build()?, metadata, request);
    let seen = seen.get()?;
    let text = seen.lock().map_err(|_| "the lock is poisoned")?;
    Ok(Some(json!({ "request": *text })))
}

#[derive(Deserialize)]
pub struct Dispatch {
    #[serde(with = "shared::bytes")]
    wasm: Vec<u8>,
    negotiated: BTreeMap<String, Value>,
    #[serde(default)]
    budget: Budget,
    #[serde(default)]
    steps: Vec<Step>,
}

impl Dispatch {
    pub fn answer(self) -> Outcome {
        let Some(metadata) = metadata(self.negotiated) else {
            return unsupported("versions are integers of 32 bits");
        };
        if let Some(lacks) = self.budget.lacks_in_calls() {
            return unsupported(lacks);
        }
        let host = Some((DEFAULT_NAME, DEFAULT_QUOTA));
        let build = Build { wasm: &self.wasm, budget: self.budget, host, ..Build::default() };
        let (mut plugin, asked) = match build.plugin() {
            Ok(built) => built,
            Err(error) => return one(failed("build", build_failure(&self.wasm, &error))),
        };
        let mut ends = Vec::new();
        for step in &self.steps {
            match with_wire_function!(step, dispatched(step, &metadata, &mut plugin)) {
                None => return unsupported(format!("the crates have no function {}", step.function)),
                Some(end) => match end? {
                    None => return unsupported(UNTYPED),
                    Some(end) => ends.push(end),
                },
            }
        }
        if asked.for_the_time() { unsupported("the clock is that of the system") } else { Ok(Answer::Ends(ends)) }
    }
}

fn dispatched<F: WireFunction>(step: &Step, metadata: &AugmentedMetadata, plugin: &mut Plugin) -> End {
    let Ok(request) = serde_json::from_str(&step.request) else { return Ok(None) };
    let levels = Levels { host: LevelFilter::TRACE, kernel: LevelFilter::INFO };
    let (outcome, seen) = recording(levels, || dispatch_wire_call::<F>(plugin, metadata, request));
    let end = match outcome {
        DispatchOutcome::Ok(response) => json!({ "response": serde_json::to_string(&response)? }),
        DispatchOutcome::Fallback(policy) => {
            let mut end = failed("dispatch", dispatch_failure(&seen)?);
            end["stage"] = json!(seen.stage());
            end["fallback"] = json!(policy);
            end
        }
        _ => return Err("an outcome that 0.1.0 does not have".into()),
    };
    Ok(Some(told(end, &seen)))
}

/// The failure that the host logged. Its type is private, so this reads what `Debug` prints.
fn dispatch_failure(seen: &Seen) -> Outcome<Value> {
    let error = seen.dispatch_error().ok_or("a fallback without a log line")?;
    let kind: String = error.chars().take_while(|c| c.is_alphanumeric()).collect();
    let mismatch = fields("ResponseVersionMismatch {} expected: {#expected}, actual: {#actual} {}", &error);
    Ok(failure(&kind, mismatch.unwrap_or_default()))
}

/// The metadata of a plugin with these versions; `None` if one is not of the crate's type.
fn metadata(negotiated: impl IntoIterator<Item = (String, Value)>) -> Option<AugmentedMetadata> {
    let versions = negotiated.into_iter().map(|(name, version)| Some((name, u32::try_from(version.as_u64()?).ok()?)));
    Some(AugmentedMetadata {
        identity: PluginIdentity {
            magic: CC_LB_PLUGIN_MAGIC,
            abi_envelope: 1,
            plugin_name: DEFAULT_NAME.to_owned(),
            plugin_version: "1".to_owned(),
        },
        negotiated_functions: versions.collect::<Option<_>>()?,
        negotiated_capabilities: BTreeSet::new(),
        handshake_completed_at: 1,
        self_check_passed: true,
        self_check_completed_at: 1,
        expires_at: 2,
    })
}
