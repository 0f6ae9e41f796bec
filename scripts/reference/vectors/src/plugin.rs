//! A plugin as cc-lb builds it with Extism, and why building or calling it failed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use cc_lb_runtime_protocol::host_functions::{
    HostFunctionContext, HostState, cc_lb_log, cc_lb_metric_incr, cc_lb_now_unix_ms, cc_lb_random_bytes,
    cc_lb_storage_get, cc_lb_storage_put,
};
use extism::{CurrentPlugin, Error, Function, Manifest, PTR, Plugin, PluginBuilder, UserData, Val, ValType, Wasm};
use serde_json::Value;
use shared::telemetry::Seen;

use crate::budget::Budget;
use crate::end::{failure, kind};
use crate::module::{imports, is_valid_anywhere, refusal};
use crate::texts::{Template, by_text, fields};

const DEFAULT_FUEL: u64 = 1_000_000_000;
const DEFAULT_MEMORY_PAGES: u32 = 32;
const CLOCK: &str = "cc_lb_now_unix_ms";

/// What a plugin is built from.
#[derive(Default)]
pub struct Build<'a> {
    pub wasm: &'a [u8],
    pub budget: Budget,
    pub config: BTreeMap<String, String>,
    pub max_var_bytes: Option<u64>,
    /// The name of the plugin and its quota in bytes, if it has host functions.
    pub host: Option<(&'a str, usize)>,
}

/// What the host functions of a plugin were asked.
#[derive(Clone, Default)]
pub struct Asked(Arc<Mutex<AskedState>>);

#[derive(Default)]
struct AskedState {
    /// The function that ended the call.
    failed: Option<&'static str>,
    clock: bool,
}

impl Asked {
    fn change(&self, change: impl FnOnce(&mut AskedState)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Whether the plugin asked for the time, which is always that of the system.
    pub fn for_the_time(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clock
    }

    fn take_failed(&self) -> Option<&'static str> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).failed.take()
    }
}

impl Build<'_> {
    pub fn plugin(&self) -> Result<(Plugin, Asked), Error> {
        let mut manifest = Manifest::new([Wasm::data(self.wasm)]).disallow_all_hosts();
        manifest = manifest.with_memory_max(self.budget.memory_pages.unwrap_or(DEFAULT_MEMORY_PAGES));
        if let Some(wall_ms) = self.budget.wall_ms {
            manifest = manifest.with_timeout(Duration::from_millis(wall_ms));
        }
        manifest.memory.max_var_bytes = self.max_var_bytes;
        manifest.config = self.config.clone();
        let mut builder = PluginBuilder::new(manifest).with_wasi(false).with_cache_disabled();
        builder = builder.with_fuel_limit(self.budget.fuel.unwrap_or(DEFAULT_FUEL));
        let asked = Asked::default();
        if let Some((name, quota)) = self.host {
            let context = HostFunctionContext::new(name.to_owned(), quota, Arc::new(HostState::new()));
            builder = builder.with_functions(functions(context, &asked));
        }
        Ok((builder.build()?, asked))
    }
}

/// The published host functions. Which of them failed is noted, since the error does not say it.
fn functions(context: HostFunctionContext, asked: &Asked) -> Vec<Function> {
    let data = UserData::new(context);
    type Body = fn(&mut CurrentPlugin, &[Val], &mut [Val], UserData<HostFunctionContext>) -> Result<(), Error>;
    let functions: [(&'static str, usize, Option<ValType>, Body); 6] = [
        ("cc_lb_log", 2, None, cc_lb_log),
        ("cc_lb_metric_incr", 2, None, cc_lb_metric_incr),
        ("cc_lb_storage_get", 1, Some(PTR), cc_lb_storage_get),
        ("cc_lb_storage_put", 2, None, cc_lb_storage_put),
        (CLOCK, 0, Some(PTR), cc_lb_now_unix_ms),
        ("cc_lb_random_bytes", 1, Some(PTR), cc_lb_random_bytes),
    ];
    let noting = |(name, params, result, body): (&'static str, usize, Option<ValType>, Body)| {
        let asked = asked.clone();
        Function::new(name, vec![PTR; params], result, data.clone(), move |plugin, inputs, outputs, data| {
            asked.change(|state| state.clock |= name == CLOCK);
            body(plugin, inputs, outputs, data).inspect_err(|_| asked.change(|state| state.failed = Some(name)))
        })
    };
    functions.into_iter().map(noting).collect()
}

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
    let one =
        |kind: &str, name: &str, value: &str| failure(kind, [(name.to_owned(), value.into())].into_iter().collect());
    let claim = seen.claim();
    if texts.len() == 1 && claim.as_ref() == texts.first() {
        return one("PluginError", "message", &texts[0]);
    }
    // After a claim, the text of a trap hides what it was.
    if claim.is_none()
        && let Some(mut told) = by_text(&CALLING, &texts[0])
    {
        if told["kind"] == "HasParameters" {
            told["fields"]["function"] = export.into();
        }
        return told;
    }
    if let Some(name) = failed_function {
        return one("HostFunction", "function", name);
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
    if is_trap { kind("Trap") } else { one("PluginError", "message", &texts[0]) }
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
    let function = match possible.as_slice() {
        [name] => Some(("function".to_owned(), Value::from(**name))),
        _ => None,
    };
    Some(failure("KernelFunction", function.into_iter().collect()))
}
