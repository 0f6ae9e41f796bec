//! Runs the published conformance suite. Each argument is the path of a plugin; a line of JSON is printed for each.

use std::error::Error;
use std::fmt::Debug;
use std::{env, fs};

use cc_lb_plugin_conformance::{
    VerifyError, VerifyReport, identity, verify_observability_plugin, verify_router_plugin, verify_shape_plugin,
};
use serde_json::{Map, Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    for path in env::args().skip(1) {
        let wasm = fs::read(&path)?;
        let verdicts = json!({
            "path": path,
            "static": static_checks(&wasm),
            "shape": verdict(verify_shape_plugin(&wasm)),
            "router": verdict(verify_router_plugin(&wasm)),
            "observability": verdict(verify_observability_plugin(&wasm)),
        });
        println!("{verdicts}");
    }
    Ok(())
}

/// The layers that passed or failed; or what ended the suite before its end.
fn verdict(result: Result<VerifyReport, VerifyError>) -> Value {
    match result {
        Ok(report) => {
            let layers = [&report.identity, &report.handshake, &report.self_check].into_iter().chain(&report.dispatch);
            layers.map(|layer| (layer.layer.to_owned(), Value::Bool(layer.passed))).collect::<Map<_, _>>().into()
        }
        Err(VerifyError::Identity(error)) => failure("identity", &error),
        Err(VerifyError::Handshake(error)) => failure("handshake", &error),
        Err(VerifyError::SelfCheck(error)) => failure("self_check", &error),
        Err(VerifyError::Dispatch(error)) => failure("dispatch", &error),
        Err(error) => failure("other", &error),
    }
}

/// An error without its texts, which tell paths and versions of this machine.
fn failure(layer: &str, error: &impl Debug) -> Value {
    Value::String(format!("{layer}: {}", name(error)))
}

fn name(value: &impl Debug) -> String {
    format!("{value:?}").chars().take_while(|c| c.is_alphanumeric()).collect()
}

/// The static checks of the identity that fail; `null` where the identity cannot be read at all.
fn static_checks(wasm: &[u8]) -> Value {
    let Ok(report) = identity::read(wasm) else { return Value::Null };
    let failed = report.static_checks.iter().filter(|check| format!("{check:?}").contains("pass: false"));
    failed.map(|check| Value::String(name(check))).collect()
}
