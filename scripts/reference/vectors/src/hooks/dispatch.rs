use cc_lb_hook_wire::v1::{
    FilterRequest, FilterResponse, ShapeRequest, ShapeResponse, TransformResponseRequest, TransformResponseResult,
    TransformSseEventRequest, TransformSseEventResult,
};
use cc_lb_runtime_wasmtime::{RuntimeSlotKey, WasmPluginWireDispatch, WasmtimeRuntime, WasmtimeRuntimeError};
use rkyv::rancor::Error as RkyvError;
use serde::Deserialize;
use serde_json::{Value, json};
use shared::archives::{Message, read};

use super::admission::{admit, runtime, slot};
use super::archives::value_of;
use super::failures::{admission_failure, hook_failure, malformed_response};
use super::json_form::JsonForm;
use crate::budget::Budget;
use crate::end::{Answer, Outcome, one, response, unsupported};

/// A plugin that is admitted and called.
#[derive(Deserialize)]
pub struct Dispatch {
    #[serde(with = "shared::bytes")]
    wasm: Vec<u8>,
    slot: Option<String>,
    #[serde(default)]
    budget: Budget,
    #[serde(default)]
    steps: Vec<Step>,
}

#[derive(Deserialize)]
struct Step {
    hook: String,
    request: String,
}

impl Dispatch {
    pub fn answer(self) -> Outcome {
        if let Some(lacks) = self.budget.lacks_in_hooks() {
            return unsupported(lacks);
        }
        let runtime = runtime(self.budget.memory_pages)?;
        if let Err(error) = admit(&runtime, &self.wasm, slot(self.slot.as_deref())?) {
            return one(admission_failure(&self.wasm, &error));
        }
        if self.steps.is_empty() {
            return one(json!({ "admitted": true }));
        }
        let plugin = self.plugin(&runtime)?;
        Ok(Answer::Ends(self.steps.iter().map(|step| call(&plugin, step)).collect::<Outcome<_>>()?))
    }

    /// The plugin in one of the slots that it fits. Calls do not look at the slot.
    fn plugin(&self, runtime: &WasmtimeRuntime) -> Outcome<WasmPluginWireDispatch> {
        let key = || RuntimeSlotKey::global("vector");
        let slot = match runtime.register_filter(key(), "vector", &self.wasm) {
            Ok(slot) => slot,
            Err(_) => runtime.register_shape(key(), "vector", &self.wasm)?,
        };
        Ok(WasmPluginWireDispatch::from_slot(slot, runtime.config_arc()))
    }
}

fn call(plugin: &WasmPluginWireDispatch, step: &Step) -> Outcome<Value> {
    match step.hook.as_str() {
        "filter" => called::<FilterRequest, FilterResponse>(step, |input, read| plugin.call_filter_scoped(input, read)),
        "shape" => called::<ShapeRequest, ShapeResponse>(step, |input, read| plugin.call_shape_scoped(input, read)),
        "transform_response" => called::<TransformResponseRequest, TransformResponseResult>(step, |input, read| {
            plugin.call_transform_response_scoped(input, read)
        }),
        "transform_sse_event" => called::<TransformSseEventRequest, TransformSseEventResult>(step, |input, read| {
            plugin.call_transform_sse_event_scoped(input, read)
        }),
        other => Err(format!("there is no hook {other}").into()),
    }
}

/// Reads an answer in the plugin's memory.
type Read<Response> = fn(&[u8]) -> Result<Response, RkyvError>;

fn called<Request: Message + JsonForm, Response: Message + JsonForm>(
    step: &Step,
    call: impl Fn(&[u8], Read<Response>) -> Result<Result<Response, RkyvError>, WasmtimeRuntimeError>,
) -> Outcome<Value> {
    let request: Request = value_of(&step.request).ok_or("a request is not of its type")?;
    let input = rkyv::to_bytes::<RkyvError>(&request)?;
    Ok(match call(&input, read) {
        Ok(Ok(value)) => response(value.write()),
        Ok(Err(_)) => malformed_response(),
        Err(error) => hook_failure(&error),
    })
}
