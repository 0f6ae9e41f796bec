use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use cc_lb_runtime_protocol::host_functions::{HostFunctionContext, HostState, functions};
use extism::{Manifest, Plugin, PluginBuilder, Wasm};
use serde::Deserialize;
use serde_json::{Value, json};
use shared::bytes::text;
use shared::telemetry::recording;

use crate::{Answer, LEVELS};

/// A plugin that is built and called, past the protocol.
#[derive(Deserialize)]
pub struct Case {
    #[serde(with = "shared::bytes")]
    wasm: Vec<u8>,
    calls: Vec<Call>,
    fuel: Option<u64>,
    wall_ms: Option<u64>,
    memory_max_pages: Option<u32>,
    max_var_bytes: Option<u64>,
    #[serde(default)]
    config: BTreeMap<String, String>,
    /// Bytes that the plugin may store; it has host functions if there are some.
    quota: Option<usize>,
    /// Whether errors are answered with all their texts, and calls with their fuel.
    #[serde(default)]
    texts: bool,
}

#[derive(Deserialize)]
struct Call {
    export: String,
    #[serde(default)]
    input: String,
}

impl Case {
    pub fn answer(self) -> Answer {
        let mut manifest = Manifest::new([Wasm::data(self.wasm.clone())]).disallow_all_hosts();
        if let Some(wall_ms) = self.wall_ms {
            manifest = manifest.with_timeout(Duration::from_millis(wall_ms));
        }
        if let Some(pages) = self.memory_max_pages {
            manifest = manifest.with_memory_max(pages);
        }
        if let Some(bytes) = self.max_var_bytes {
            manifest.memory.max_var_bytes = Some(bytes);
        }
        manifest.config = self.config.clone();
        let mut builder = PluginBuilder::new(manifest).with_wasi(false).with_cache_disabled();
        if let Some(fuel) = self.fuel {
            builder = builder.with_fuel_limit(fuel);
        }
        if let Some(quota) = self.quota {
            let context = HostFunctionContext::new("case".to_owned(), quota, Arc::new(HostState::new()));
            builder = builder.with_functions(functions(context));
        }
        let mut plugin = match builder.build() {
            Ok(plugin) => plugin,
            Err(error) if self.texts => return Ok(json!({ "build": self.error(&error) })),
            Err(_) => return Ok(json!({ "build": "refused" })),
        };
        let (calls, seen) =
            recording(LEVELS, || self.calls.iter().map(|call| self.call(&mut plugin, call)).collect::<Vec<_>>());
        let mut answer = json!({ "calls": calls });
        let (counters, logs) = (seen.counters(), seen.logs());
        if !counters.is_empty() {
            answer["counters"] = json!(counters);
        }
        if !logs.is_empty() {
            answer["logs"] = json!(logs);
        }
        Ok(answer)
    }

    fn call(&self, plugin: &mut Plugin, call: &Call) -> Value {
        let result = plugin.call::<&str, Vec<u8>>(&call.export, &call.input);
        let mut answer = match result {
            Ok(output) => json!({ "ok": text(&output) }),
            Err(error) => json!({ "error": self.error(&error) }),
        };
        if let (true, Some(fuel)) = (self.texts, plugin.fuel_consumed()) {
            answer["fuel"] = json!(fuel);
        }
        answer
    }

    /// What an error is, or its texts, from the outermost to the cause.
    fn error(&self, error: &extism::Error) -> Value {
        if self.texts {
            return error.chain().map(ToString::to_string).collect();
        }
        json!(kind(error))
    }
}

/// The kind of an error: the texts of Extism that say it, `trap` for all that is not told apart, else the plugin's own
/// text.
fn kind(error: &extism::Error) -> String {
    let text = error.to_string();
    let first = text.lines().next().unwrap_or_default();
    let told = [
        "plugin ran out of fuel",
        "timeout",
        "oom",
        "Function not found",
        "Returned non-zero exit code",
        "unable to load error message from memory",
    ];
    if let Some(told) = told.iter().find(|told| first.starts_with(**told)) {
        return (*told).to_owned();
    }
    let traps = ["error while executing at wasm backtrace", "failed to initialize", "expected ", "Function run has"];
    if traps.iter().any(|trap| first.starts_with(trap)) { "trap".to_owned() } else { first.to_owned() }
}
