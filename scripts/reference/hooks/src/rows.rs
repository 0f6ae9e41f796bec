//! What can be measured: a call of each hook, and admission.

use std::fs;
use std::time::{Duration, Instant};

use cc_lb_hook_wire::v1::{
    FilterRequest, FilterResponse, ShapeRequest, ShapeResponse, TransformResponseRequest, TransformResponseResult,
    TransformSseEventRequest, TransformSseEventResult,
};
use cc_lb_runtime_wasmtime::{RuntimeSlotKey, WasmPluginWireDispatch, WasmtimeRuntime, WasmtimeRuntimeError};
use rkyv::rancor::Error as RkyvError;
use shared::archives::{Message, read, read_copy};

use crate::Outcome;

/// A thing to do, as the benchmark names it; `wasm` and `request` are paths.
#[derive(serde::Deserialize)]
pub struct Row {
    name: String,
    wasm: String,
    kind: Kind,
    /// The archive of the request; empty for admission.
    #[serde(default)]
    request: String,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Filter,
    Shape,
    TransformResponse,
    TransformSseEvent,
    /// Of bytes that no cache knows.
    Admission,
    /// Of the same bytes each time.
    AdmissionAgain,
}

/// Does it once, and returns how long it took. The answer is written where one is given, outside of the time.
pub type Once<'r> = Box<dyn FnMut(Option<&mut Vec<u8>>) -> Outcome<Duration> + 'r>;

pub fn open<'r>(runtime: &'r WasmtimeRuntime, row: &Row) -> Outcome<Once<'r>> {
    let wasm = fs::read(&row.wasm)?;
    let key = RuntimeSlotKey::global(row.name.clone());
    let slot = match row.kind {
        Kind::Admission => return Ok(admission(runtime, wasm, true)),
        Kind::AdmissionAgain => return Ok(admission(runtime, wasm, false)),
        Kind::Filter => runtime.register_filter(key, row.name.clone(), &wasm)?,
        _ => runtime.register_shape(key, row.name.clone(), &wasm)?,
    };
    let plugin = WasmPluginWireDispatch::from_slot(slot, runtime.config_arc());
    let request = fs::read(&row.request)?;
    match row.kind {
        Kind::Filter => {
            calls::<FilterRequest, FilterResponse>(&request, move |input, read| plugin.call_filter_scoped(input, read))
        }
        Kind::TransformResponse => {
            calls::<TransformResponseRequest, TransformResponseResult>(&request, move |input, read| {
                plugin.call_transform_response_scoped(input, read)
            })
        }
        Kind::TransformSseEvent => {
            calls::<TransformSseEventRequest, TransformSseEventResult>(&request, move |input, read| {
                plugin.call_transform_sse_event_scoped(input, read)
            })
        }
        _ => calls::<ShapeRequest, ShapeResponse>(&request, move |input, read| plugin.call_shape_scoped(input, read)),
    }
}

/// Reads an answer in the plugin's memory.
type Read<Response> = fn(&[u8]) -> Result<Response, RkyvError>;

/// From a request as a value to a response as a value.
fn calls<'r, Request: Message, Response: Message>(
    archive: &[u8],
    call: impl Fn(&[u8], Read<Response>) -> Result<Result<Response, RkyvError>, WasmtimeRuntimeError> + 'r,
) -> Outcome<Once<'r>>
where
    Request: 'r,
    Response: 'r,
{
    let request: Request = read_copy(archive)?;
    Ok(Box::new(move |answer| {
        let start = Instant::now();
        let input = rkyv::to_bytes::<RkyvError>(&request)?;
        let response = call(&input, read)??;
        let time = start.elapsed();
        if let Some(answer) = answer {
            answer.extend_from_slice(&rkyv::to_bytes::<RkyvError>(&response)?);
        }
        Ok(time)
    }))
}

fn admission<'r>(runtime: &'r WasmtimeRuntime, wasm: Vec<u8>, is_cold: bool) -> Once<'r> {
    let mut number = 0_u32;
    Box::new(move |_| {
        let bytes = if is_cold { variant(&wasm, number) } else { wasm.clone() };
        number += 1;
        let start = Instant::now();
        runtime.admit_wasm_agnostic(&bytes)?;
        Ok(start.elapsed())
    })
}

/// The same plugin with a custom section of its own: no cache knows these bytes.
fn variant(wasm: &[u8], number: u32) -> Vec<u8> {
    let name = b"variant";
    let contents = [&[name.len() as u8], &name[..], &number.to_le_bytes()].concat();
    [wasm, &[0, contents.len() as u8], &contents].concat()
}
