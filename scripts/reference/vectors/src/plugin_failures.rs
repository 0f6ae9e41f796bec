//! Why a plugin could not be built or called. Extism tells it by texts.

use extism::Error;
use serde_json::Value;
use shared::telemetry::Seen;

use crate::end::{failure, kind};
use crate::module::{imports, is_valid_anywhere, refusal};
use crate::plugin::Asked;
use crate::texts::{Template, by_text, fields};

const BUILDING: [Template; 9] = [
    ("UnknownImports", "Invalid {} import from extism:host/env: {}"),
    ("UnknownImports", "unknown import: {} has not been defined"),
    ("ImportTypeMismatch", "types incompatible: expected type {}"),
    ("InitializeType", "type mismatch with parameters"),
    ("InitializeType", "type mismatch with results"),
    ("ExportNotFunction", "`_initialize` must be a function"),
    ("ExportNotFunction", "`_start` must be a function"),
    ("StartAndInitialize", "Program cannot be both a Command and a Reactor"),
    ("FeatureRefused", "shared memory support is disabled for this engine{}"),
];

/// How the texts begin which say that an import or an export is not a function.
const NOT_FUNCTIONS: [&str; 2] =
    ["incompatible import type for ", "linked modules cannot access non-function exports of extism kernel"];

const ENV: &str = "extism:host/env";

/// Exports of the kernel that are not for plugins, and not functions.
const NOT_IN_TABLES: [&str; 2] = ["memory", "extism_context"];

/// Why a plugin could not be built.
pub fn build_failure(wasm: &[u8], error: &Error) -> Value {
    let texts: Vec<String> = error.chain().map(ToString::to_string).collect();
    if let Some(told) = texts.iter().find_map(|text| by_text(&BUILDING, text)) {
        return told;
    }
    if NOT_FUNCTIONS.iter().any(|beginning| texts[0].starts_with(beginning)) {
        let is_unknown = imports(wasm, ENV).iter().any(|name| NOT_IN_TABLES.contains(name));
        return kind(if is_unknown { "UnknownImports" } else { "ImportNotFunction" });
    }
    if is_valid_anywhere(wasm) { kind("InstantiationFailed") } else { refusal(wasm) }
}

/// What Extism says itself of a call.
const CALLING: [Template; 8] = [
    ("OutOfFuel", "plugin ran out of fuel"),
    ("Timeout", "timeout"),
    ("OutOfMemory", "oom"),
    ("FunctionNotFound", "Function not found: {function}"),
    ("TooManyResults", "Function {function} has {#results} results, expected 0 or 1"),
    ("HasParameters", "expected {#params} arguments, got 0"),
    ("NonZeroExit", "Returned non-zero exit code: {#code}"),
    ("ErrorMessageUnreadable", "unable to load error message from memory: {}"),
];

/// Why a call of an export failed.
pub fn call_failure(wasm: &[u8], export: &str, error: &Error, seen: &Seen, asked: &Asked) -> Value {
    let texts: Vec<String> = error.chain().map(ToString::to_string).collect();
    let failed_function = asked.take_failed();
    if let Some(claim) = seen.claim() {
        // The text that the plugin set takes the place of what a trap was.
        return if texts == [claim] { with_field("PluginError", "message", &texts[0]) } else { kind("Trap") };
    }
    if let Some(mut told) = by_text(&CALLING, &texts[0]) {
        if told["kind"] == "HasParameters" {
            told["fields"]["function"] = export.into();
        }
        return told;
    }
    if let Some(name) = failed_function {
        return with_field("HostFunction", "function", name);
    }
    if texts.iter().any(|text| text.contains("call stack exhausted")) {
        return kind("StackOverflow");
    }
    // Without room for the input.
    if texts.last().is_some_and(|cause| cause == "oom") {
        return kind("OutOfMemory");
    }
    if let Some(told) = texts.last().and_then(|reason| kernel_failure(wasm, reason)) {
        return told;
    }
    // The claim of a plugin whose level is `off` is not logged.
    let is_trap = texts.len() > 1 || TRAPS.iter().any(|beginning| texts[0].starts_with(beginning));
    if is_trap { kind("Trap") } else { with_field("PluginError", "message", &texts[0]) }
}

fn with_field(kind: &str, name: &str, value: &str) -> Value {
    failure(kind, [(name.to_owned(), value.into())].into_iter().collect())
}

/// How the texts of traps begin.
const TRAPS: [&str; 3] = ["error while executing at wasm backtrace", "wasm trap: ", "thrown Wasm exception"];

/// Why there is no instance that could be called: a budget, or anything else.
pub fn instance_failure(wasm: &[u8], export: &str, error: &Error, seen: &Seen, asked: &Asked) -> Value {
    let told = call_failure(wasm, export, error, seen, asked);
    let is_budget = matches!(told["kind"].as_str(), Some("OutOfFuel" | "Timeout" | "OutOfMemory" | "StackOverflow"));
    if is_budget { told } else { kind("Instantiate") }
}

/// Which functions of the kernel end a call with a text.
const KERNEL: [(&[&str], &str); 13] = [
    (&["config_get"], "invalid handle offset for config key: {}"),
    (&["var_get", "var_set"], "invalid handle offset for var key: {}"),
    (&["var_set"], "invalid handle offset for var value: {}"),
    (&["var_set"], "Variable store is full"),
    (&["var_set"], "Vars are disabled by this host"),
    (&LOGS, "invalid handle offset for log message: {}"),
    (&["config_get", "var_get", "var_set"], "invalid utf-8 sequence {}"),
    (&["config_get", "var_get", "var_set"], "incomplete utf-8 byte sequence {}"),
    (&["http_request"], "http_request input is invalid: {}"),
    (&["http_request"], "http_request is not enabled, request to {} is not allowed"),
    (&["http_request"], "HTTP request to {} is not allowed"),
    (&["http_request"], "Invalid URL: {}"),
    (&["http_request"], "{} at line {#} column {#}"),
];

const LOGS: [&str; 5] = ["log_trace", "log_debug", "log_info", "log_warn", "log_error"];

/// The failure of a function of the kernel. It names the function if the plugin imports only one that says this.
fn kernel_failure(wasm: &[u8], reason: &str) -> Option<Value> {
    let (functions, _) = KERNEL.iter().find(|(_, template)| fields(template, reason).is_some())?;
    let imported = imports(wasm, ENV);
    let possible: Vec<&&str> = functions.iter().filter(|name| imported.contains(name)).collect();
    Some(match possible.as_slice() {
        [name] => with_field("KernelFunction", "function", name),
        _ => kind("KernelFunction"),
    })
}
