//! The failures of abi/HOOKS.md: the published host has fewer kinds, with a text for each failure.

use cc_lb_runtime_wasmtime::WasmtimeRuntimeError;
use serde_json::{Value, json};

use crate::end::{failed, failure, kind, violated};
use crate::module::refusal;
use crate::texts::{Template, by_text, fields};

const INSPECTION: [Template; 16] = [
    ("WasmParseError", "wasm parse error: {}"),
    ("ImportsPresent", "plugin module imports {#count} item(s); Stage 1 disallows every host import"),
    ("MalformedExport", "invalid export entry: {}"),
    ("SchemaSectionSize", "`{section}` section is {#size} bytes; expected 32"),
    ("MissingMetadata", "missing required `cc_lb.plugin.v1` custom section"),
    ("MalformedMetadata", "invalid `cc_lb.plugin.v1` metadata: invalid JSON: {}"),
    ("NoopNotAllowed", "hook `{hook}` cannot declare mode `noop`; {}"),
    ("SlotNotAllowed", "hook `{slot}` is shape-owned and cannot be admitted as a standalone slot"),
    ("MissingHook", "metadata does not declare required `{hook}` hook for {}"),
    ("MissingShape", "shape-owned hook `{hook}` requires a declared `shape` hook"),
    ("MissingExport", "missing required export `{name}` (Memory)"),
    ("MissingExport", "missing required function export `{name}` for declared hook `{hook}`"),
    ("MissingExport", "missing required function export `{name}`"),
    ("UnknownWireVersion", "hook `{hook}` declares unsupported wire version {#version}"),
    ("MissingSchema", "missing `{section}` custom section for declared hook `{hook}`"),
    (
        "FingerprintMismatch",
        "`cc_lb.schema.{hook}.v1` hash mismatch (host expects {expected} but plugin shipped {found})",
    ),
];

const METADATA: [Template; 8] = [
    ("MissingName", "missing plugin name"),
    ("MissingVersion", "missing plugin version"),
    ("MissingDescription", "missing plugin description"),
    ("MissingUsage", "missing plugin usage"),
    ("NoHooksDeclared", "plugin declares no hooks"),
    ("UnknownHook", "unknown hook name: {hook}"),
    ("HookMissingDescription", "hook '{hook}' missing description"),
    ("HookMissingUsage", "hook '{hook}' missing usage"),
];

/// Of a call, by the text of the whole error. In a probe there is nothing else.
const CALL: [(&str, Template); 6] = [
    ("exports", ("MissingExport", "{}missing or mistyped `{name}` export: failed to find {}")),
    ("exports", ("ExportType", "{}missing or mistyped `{name}` export: {}")),
    ("reject", ("EmptyAnswer", "{}: guest returned invalid (ptr={#address}, len={#size})")),
    ("cc_lb_alloc", ("NoAllocation", "{}guest returned null pointer for {#size}-byte allocation")),
    ("memory.write", ("AllocationOutside", "guest trap during memory.write: {}")),
    ("response", ("MalformedResponse", "decode {}: {}")),
];

/// An answer beyond the memory: from and to where, and where the memory ends.
const ANSWER_OUTSIDE: &str = "{}guest output [{#address}..{#end}] out of bounds (memory size {#memoryBytes})";

/// The failure of admission.
pub fn admission_failure(wasm: &[u8], error: &WasmtimeRuntimeError) -> Value {
    match error {
        WasmtimeRuntimeError::ModuleRejected { reason } => failed("inspect", inspection_failure(reason)),
        WasmtimeRuntimeError::ModuleCompile(_) => failed("compile", refusal(wasm)),
        WasmtimeRuntimeError::ProbeFailed { reason, .. } => call_failure("probe", reason, reason),
        other => failed("compile", kind(&variant(other))),
    }
}

fn inspection_failure(reason: &str) -> Value {
    if let Some(mut told) = by_text(&INSPECTION, reason) {
        if told["kind"] == "MissingExport" {
            told["fields"]["type"] = if reason.ends_with("(Memory)") { "memory" } else { "function" }.into();
        }
        return told;
    }
    let violation = reason.strip_prefix("invalid `cc_lb.plugin.v1` metadata: ");
    let told = violation.and_then(|text| by_text(&METADATA, text));
    told.map_or_else(|| kind("ModuleRejected"), |violation| violated("InvalidMetadata", &violation))
}

/// The failure of a call, or of a probe.
pub fn hook_failure(error: &WasmtimeRuntimeError) -> Value {
    let causes = match error {
        WasmtimeRuntimeError::GuestTrap { source, .. } | WasmtimeRuntimeError::InstantiateFailed(source) => {
            source.chain().map(ToString::to_string).collect::<Vec<_>>().join("\n")
        }
        _ => String::new(),
    };
    call_failure("call", &error.to_string(), &causes)
}

/// An answer that is not an archive of the response.
pub fn malformed_response() -> Value {
    in_phase("call", "response", kind("MalformedResponse"))
}

fn call_failure(layer: &str, text: &str, causes: &str) -> Value {
    if let Some(mut fields) = fields(ANSWER_OUTSIDE, text) {
        let (end, address) = (fields.remove("end"), &fields["address"]);
        let size = end.and_then(|end| Some(end.as_i64()? - address.as_i64()?));
        fields.insert("size".to_owned(), json!(size));
        return in_phase(layer, "reject", failure("AnswerOutside", fields));
    }
    if let Some((phase, error)) = CALL.iter().find_map(|(phase, template)| Some((phase, by_text(&[*template], text)?)))
    {
        return in_phase(layer, phase, error);
    }
    if text.starts_with("failed to instantiate module: ") {
        let error = json!({ "kind": "InstantiateFailed", "fields": { "stop": stop(causes) } });
        return in_phase(layer, "instantiate", error);
    }
    let Some(fields) = fields("guest trap during {phase}: {}", text) else {
        return failed(layer, kind("ModuleRejected"));
    };
    let phase = fields["phase"].as_str().unwrap_or_default();
    in_phase(layer, phase, json!({ "kind": "GuestTrap", "fields": { "phase": phase, "stop": stop(causes) } }))
}

fn in_phase(layer: &str, phase: &str, error: Value) -> Value {
    let mut end = failed(layer, error);
    end["phase"] = phase.into();
    end
}

/// Why the plugin's code stopped.
fn stop(causes: &str) -> Value {
    let kinds = [
        ("call stack exhausted", "StackOverflow"),
        ("exceeds memory limits", "OutOfMemory"),
        ("memory minimum size", "OutOfMemory"),
        ("wasm trap: ", "Trap"),
    ];
    kind(kinds.iter().find(|(text, _)| causes.contains(text)).map_or("Engine", |(_, kind)| *kind))
}

fn variant(error: &WasmtimeRuntimeError) -> String {
    format!("{error:?}").chars().take_while(|c| c.is_alphanumeric()).collect()
}
