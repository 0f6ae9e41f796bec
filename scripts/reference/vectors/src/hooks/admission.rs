use cc_lb_runtime_wasmtime::{
    HookKind, HotEngineConfig, ModuleInspection, WasmtimeRuntime, WasmtimeRuntimeError, admit_wasm, inspect_wasm,
    inspect_wasm_agnostic,
};
use serde::Deserialize;

use super::failures::admission_failure;
use crate::end::{Outcome, one, response};

#[derive(Deserialize)]
pub struct Inspection {
    #[serde(with = "shared::bytes")]
    wasm: Vec<u8>,
    slot: Option<String>,
}

impl Inspection {
    pub fn answer(self) -> Outcome {
        let inspected = match slot(self.slot.as_deref())? {
            Some(kind) => inspect_wasm(kind, &self.wasm),
            None => inspect_wasm_agnostic(&self.wasm),
        };
        one(match inspected {
            Ok(ModuleInspection { metadata, .. }) => response(serde_json::to_string(&metadata)?),
            Err(error) => admission_failure(&self.wasm, &error),
        })
    }
}

pub fn slot(name: Option<&str>) -> Outcome<Option<HookKind>> {
    let known = |name: &str| HookKind::parse(name).ok_or_else(|| format!("there is no slot {name}").into());
    name.map(known).transpose()
}

/// A runtime with a bound on the pages of a plugin's memory.
pub fn runtime(memory_pages: Option<u32>) -> Outcome<WasmtimeRuntime> {
    let defaults = HotEngineConfig::default();
    let memory_max_pages = memory_pages.unwrap_or(defaults.memory_max_pages);
    Ok(WasmtimeRuntime::new(HotEngineConfig { memory_max_pages, ..defaults })?)
}

pub fn admit(runtime: &WasmtimeRuntime, wasm: &[u8], slot: Option<HookKind>) -> Result<(), WasmtimeRuntimeError> {
    match slot {
        Some(kind) => admit_wasm(runtime.engine(), runtime.linker(), kind, wasm, runtime.config()).map(drop),
        None => runtime.admit_wasm_agnostic(wasm).map(drop),
    }
}
