//! Why an engine refused a module, since the published hosts say only that it did.

use serde_json::{Value, json};
use wasmparser::{BinaryReaderError, Parser, Payload, Validator, WasmFeatures};

use crate::end::kind;

/// What cc-lb switches off for hook plugins, by the names of abi/HOOKS.md.
const SWITCHED_OFF: [(&str, WasmFeatures); 8] = [
    ("threads", WasmFeatures::THREADS.union(WasmFeatures::SHARED_EVERYTHING_THREADS)),
    ("memory64", WasmFeatures::MEMORY64),
    ("multi-memory", WasmFeatures::MULTI_MEMORY),
    ("function references", WasmFeatures::FUNCTION_REFERENCES),
    ("garbage collection", WasmFeatures::GC.union(WasmFeatures::FUNCTION_REFERENCES)),
    ("exceptions", WasmFeatures::EXCEPTIONS.union(WasmFeatures::LEGACY_EXCEPTIONS)),
    ("tail calls", WasmFeatures::TAIL_CALL),
    ("relaxed SIMD", WasmFeatures::RELAXED_SIMD),
];

/// What cc-lb leaves on.
const LEFT_ON: WasmFeatures = WasmFeatures::WASM2
    .union(WasmFeatures::EXTENDED_CONST)
    .union(WasmFeatures::WIDE_ARITHMETIC)
    .union(WasmFeatures::CALL_INDIRECT_OVERLONG);

/// Why a module did not compile. It is `FeatureRefused` if it is valid with all features, and names the feature if it
/// is valid with that one.
pub fn refusal(wasm: &[u8]) -> Value {
    if Parser::is_component(wasm) || read(wasm).is_err() {
        return kind("MalformedModule");
    }
    match SWITCHED_OFF.iter().find(|(_, features)| is_valid(wasm, LEFT_ON | *features)) {
        Some((name, _)) => json!({ "kind": "FeatureRefused", "fields": { "feature": name } }),
        None => kind(if is_valid_anywhere(wasm) { "FeatureRefused" } else { "InvalidModule" }),
    }
}

/// Whether some engine could run a module.
pub fn is_valid_anywhere(wasm: &[u8]) -> bool {
    is_valid(wasm, WasmFeatures::all() - WasmFeatures::COMPONENT_MODEL)
}

fn is_valid(wasm: &[u8], features: WasmFeatures) -> bool {
    Validator::new_with_features(features).validate_all(wasm).is_ok()
}

/// The names of the functions that a module imports from a module.
pub fn imports<'a>(wasm: &'a [u8], from: &str) -> Vec<&'a str> {
    let sections = Parser::new(0).parse_all(wasm).filter_map(|payload| match payload {
        Ok(Payload::ImportSection(section)) => Some(section),
        _ => None,
    });
    let imports = sections.flat_map(|section| section.into_imports()).flatten();
    imports.filter(|import| import.module == from).map(|import| import.name).collect()
}

/// Whether a module has a start function, or an export that Extism calls when it makes an instance.
pub fn runs_before_calls(wasm: &[u8]) -> bool {
    let initialisers = ["_initialize", "__wasm_call_ctors", "hs_init"];
    Parser::new(0).parse_all(wasm).flatten().any(|payload| match payload {
        Payload::StartSection { .. } => true,
        Payload::ExportSection(exports) => exports.into_iter().flatten().any(|each| initialisers.contains(&each.name)),
        _ => false,
    })
}

/// Reads all of a module, as far as the binary format goes.
fn read(wasm: &[u8]) -> Result<(), BinaryReaderError> {
    macro_rules! all {
        ($reader:expr) => {
            for item in $reader {
                item?;
            }
        };
    }
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::TypeSection(section) => all!(section),
            Payload::ImportSection(section) => all!(section),
            Payload::FunctionSection(section) => all!(section),
            Payload::TableSection(section) => all!(section),
            Payload::MemorySection(section) => all!(section),
            Payload::TagSection(section) => all!(section),
            Payload::GlobalSection(section) => {
                for global in section {
                    all!(global?.init_expr.get_operators_reader());
                }
            }
            Payload::ExportSection(section) => all!(section),
            Payload::ElementSection(section) => all!(section),
            Payload::DataSection(section) => all!(section),
            Payload::CodeSectionEntry(body) => {
                all!(body.get_locals_reader()?);
                all!(body.get_operators_reader()?);
            }
            _ => {}
        }
    }
    Ok(())
}
