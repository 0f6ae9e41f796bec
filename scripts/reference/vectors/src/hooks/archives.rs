use cc_lb_hook_wire::v1::{
    CachePricingSummary, Claim, FilterRequest, FilterResponse, Header, PerCandidateReason, Principal, ShapeRequest,
    ShapeResponse, SseEvent, TransformResponseRequest, TransformResponseResult, TransformSseEventRequest,
    TransformSseEventResult, Upstream, UpstreamCandidate,
};
use serde::Deserialize;
use serde_json::{Value, json};
use shared::archives::{Message, read_copy};
use shared::bytes;

use super::json_form::JsonForm;
use crate::end::{Outcome, failed, kind, one, response, unsupported};

/// An archive that is read, or a value that is written.
#[derive(Deserialize)]
pub struct Archives {
    r#type: String,
    archive: Option<String>,
    value: Option<String>,
}

impl Archives {
    pub fn answer(self) -> Outcome {
        macro_rules! of {
            ($($type:ident),+ $(,)?) => {
                match self.r#type.as_str() {
                    $(stringify!($type) => self.of::<$type>(),)+
                    other => unsupported(format!("the crate has no type {other}")),
                }
            };
        }
        of!(
            CachePricingSummary,
            Claim,
            FilterRequest,
            FilterResponse,
            Header,
            PerCandidateReason,
            Principal,
            ShapeRequest,
            ShapeResponse,
            SseEvent,
            TransformResponseRequest,
            TransformResponseResult,
            TransformSseEventRequest,
            TransformSseEventResult,
            Upstream,
            UpstreamCandidate,
        )
    }

    fn of<T: Message + JsonForm>(&self) -> Outcome {
        one(match (&self.archive, &self.value) {
            (Some(archive), None) => {
                let archive = bytes::read(archive).ok_or("the archive is not base64")?;
                match read_copy::<T>(&archive) {
                    Ok(value) => response(value.write()),
                    Err(_) => failed("archive", kind("Malformed")),
                }
            }
            (None, Some(text)) => match value_of::<T>(text) {
                Some(value) => json!({ "bytes": bytes::text(&rkyv::to_bytes::<rkyv::rancor::Error>(&value)?) }),
                None => failed("json", kind("Refused")),
            },
            _ => return Err("a vector has one of archive and value".into()),
        })
    }
}

/// The value whose JSON form a text is.
pub fn value_of<T: JsonForm>(text: &str) -> Option<T> {
    T::read(&serde_json::from_str::<Value>(text).ok()?)
}
