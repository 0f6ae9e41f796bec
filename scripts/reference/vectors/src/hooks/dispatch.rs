use std::sync::mpsc;
use std::thread;
use std::time::Duration;

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

/// How long a plugin may take. A driver must answer within ten seconds.
const PATIENCE: Duration = Duration::from_secs(8);

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
    /// The host waits forever for a plugin that loops forever, so a thread of its own runs it.
    pub fn answer(self) -> Outcome {
        if let Some(lacks) = self.budget.lacks_in_hooks() {
            return unsupported(lacks);
        }
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || sender.send(self.run().map_err(|error| error.to_string())));
        match receiver.recv_timeout(PATIENCE) {
            Ok(answer) => Ok(answer?),
            Err(mpsc::RecvTimeoutError::Timeout) => unsupported("hooks have no deadline, and this one does not end"),
            Err(mpsc::RecvTimeoutError::Disconnected) => Err("the host panicked".into()),
        }
    }

    fn run(self) -> Outcome {
        let runtime = runtime(self.budget.memory_pages)?;
        if let Err(error) = admit(&runtime, &self.wasm, slot(self.slot.as_deref())?) {
            return one(admission_failure(&self.wasm, &error));
        }
        if self.steps.is_empty() {
            return one(json!({ "admitted": true }));
        }
        Ok(Answer::Ends(self.steps.iter().map(|step| self.call(&runtime, step)).collect::<Outcome<_>>()?))
    }

    fn call(&self, runtime: &WasmtimeRuntime, step: &Step) -> Outcome<Value> {
        let plugin = self.plugin(runtime, &step.hook)?;
        match step.hook.as_str() {
            "filter" => {
                called::<FilterRequest, FilterResponse>(step, |input, read| plugin.call_filter_scoped(input, read))
            }
            "shape" => called::<ShapeRequest, ShapeResponse>(step, |input, read| plugin.call_shape_scoped(input, read)),
            "transform_response" => called::<TransformResponseRequest, TransformResponseResult>(step, |input, read| {
                plugin.call_transform_response_scoped(input, read)
            }),
            "transform_sse_event" => {
                called::<TransformSseEventRequest, TransformSseEventResult>(step, |input, read| {
                    plugin.call_transform_sse_event_scoped(input, read)
                })
            }
            other => Err(format!("there is no hook {other}").into()),
        }
    }

    /// The plugin in the slot that the hook belongs to.
    fn plugin(&self, runtime: &WasmtimeRuntime, hook: &str) -> Outcome<WasmPluginWireDispatch> {
        let kind = if hook == "filter" { "filter" } else { "shape" };
        let key = RuntimeSlotKey::global(kind);
        let slot = match kind {
            "filter" => runtime.register_filter(key, kind, &self.wasm)?,
            _ => runtime.register_shape(key, kind, &self.wasm)?,
        };
        Ok(WasmPluginWireDispatch::from_slot(slot, runtime.config_arc()))
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
