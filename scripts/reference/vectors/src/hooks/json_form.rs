//! The JSON form of the hook ABI's types: abi/HOOKS.md, "The JSON form".

use cc_lb_hook_wire::v1::{
    CachePricingSummary, Claim, FilterRequest, FilterResponse, Header, PerCandidateReason, Principal, ShapeRequest,
    ShapeResponse, SseEvent, TransformResponseRequest, TransformResponseResult, TransformSseEventRequest,
    TransformSseEventResult, Upstream, UpstreamCandidate,
};
use serde_json::{Map, Value};
use shared::bytes;

pub trait JsonForm: Sized {
    /// What the name of a field with such a value ends with.
    const SUFFIX: &str = "";

    fn write(&self) -> String;

    /// Reads the form; `None` if it is not of the type.
    fn read(form: &Value) -> Option<Self>;

    /// The value of a field that is missing.
    fn missing() -> Option<Self> {
        None
    }
}

macro_rules! numbers {
    ($($type:ty: $read:expr),+ $(,)?) => {
        $(impl JsonForm for $type {
            fn write(&self) -> String {
                Value::from(*self).to_string()
            }

            fn read(form: &Value) -> Option<Self> {
                $read(form)
            }
        })+
    };
}

numbers! {
    u16: |form: &Value| u16::try_from(form.as_u64()?).ok(),
    u32: |form: &Value| u32::try_from(form.as_u64()?).ok(),
    u64: Value::as_u64,
    f64: Value::as_f64,
}

impl JsonForm for Box<str> {
    fn write(&self) -> String {
        Value::from(&**self).to_string()
    }

    fn read(form: &Value) -> Option<Self> {
        Some(Box::from(form.as_str()?))
    }
}

impl JsonForm for Box<[u8]> {
    const SUFFIX: &str = "_base64";

    fn write(&self) -> String {
        Value::from(bytes::text(self)).to_string()
    }

    fn read(form: &Value) -> Option<Self> {
        Some(bytes::read(form.as_str()?)?.into_boxed_slice())
    }
}

impl<T: JsonForm> JsonForm for Box<[T]> {
    const SUFFIX: &str = T::SUFFIX;

    fn write(&self) -> String {
        format!("[{}]", self.iter().map(JsonForm::write).collect::<Vec<_>>().join(","))
    }

    fn read(form: &Value) -> Option<Self> {
        form.as_array()?.iter().map(T::read).collect()
    }
}

impl<T: JsonForm> JsonForm for Option<T> {
    const SUFFIX: &str = T::SUFFIX;

    fn write(&self) -> String {
        self.as_ref().map_or_else(|| "null".to_owned(), JsonForm::write)
    }

    fn read(form: &Value) -> Option<Self> {
        if form.is_null() { Some(None) } else { T::read(form).map(Some) }
    }

    fn missing() -> Option<Self> {
        Some(None)
    }
}

/// Writes a field as JSON.
fn member<T: JsonForm>(name: &str, value: &T) -> String {
    format!(r#""{name}{}":{}"#, T::SUFFIX, value.write())
}

fn object(members: Vec<String>) -> String {
    format!("{{{}}}", members.join(","))
}

/// The fields of an object that were not read yet.
struct Unread(Map<String, Value>);

impl Unread {
    fn of(form: &Value) -> Option<Self> {
        form.as_object().cloned().map(Self)
    }

    fn take<T: JsonForm>(&mut self, name: &str) -> Option<T> {
        match self.0.remove(&format!("{name}{}", T::SUFFIX)) {
            Some(form) => T::read(&form),
            None => T::missing(),
        }
    }

    /// Refuses what is left.
    fn whole<T>(self, value: T) -> Option<T> {
        self.0.is_empty().then_some(value)
    }
}

macro_rules! structs {
    ($($type:ident { $($field:ident),+ $(,)? })+) => {
        $(impl JsonForm for $type {
            fn write(&self) -> String {
                object(vec![$(member(stringify!($field), &self.$field)),+])
            }

            fn read(form: &Value) -> Option<Self> {
                let mut unread = Unread::of(form)?;
                let value = Self { $($field: unread.take(stringify!($field))?),+ };
                unread.whole(value)
            }
        })+
    };
}

macro_rules! enums {
    ($($type:ident { $($variant:ident { $($field:ident),* }),+ })+) => {
        $(impl JsonForm for $type {
            fn write(&self) -> String {
                match self {
                    $(Self::$variant { $($field),* } => object(vec![
                        member("kind", &Box::<str>::from(stringify!($variant))),
                        $(member(stringify!($field), $field)),*
                    ]),)+
                }
            }

            fn read(form: &Value) -> Option<Self> {
                let mut unread = Unread::of(form)?;
                let kind: Box<str> = unread.take("kind")?;
                let value = match &*kind {
                    $(stringify!($variant) => Self::$variant { $($field: unread.take(stringify!($field))?),* },)+
                    _ => return None,
                };
                unread.whole(value)
            }
        })+
    };
}

structs! {
    Claim { key, value }
    Principal { id, kind, claims }
    Header { name, value }
    CachePricingSummary {
        status, input_micros_per_million, cache_creation_5m_micros_per_million, cache_creation_1h_micros_per_million,
        cache_read_micros_per_million,
    }
    UpstreamCandidate {
        upstream_id, name, kind, observed_at_unix_secs, predicted_cache_read_tokens,
        predicted_cache_creation_tokens_5m, predicted_cache_creation_tokens_1h, predicted_uncached_input_tokens,
        plan_capacity_ratio, organization_type, rate_limit_tier, seat_tier,
    }
    FilterRequest {
        request_id, thread_id, service_tier, canonical_model_id, cache_pricing, method, path, query, headers, body,
        principal, candidates,
    }
    PerCandidateReason { upstream_id, decision, reason }
    FilterResponse { results }
    ShapeRequest { request_id, method, path, query, headers, body, principal, upstream }
    ShapeResponse { url, method, headers, body }
    TransformResponseRequest {
        request_id, principal, upstream, request_method, request_path, canonical_model_id, response_status,
        response_headers, body,
    }
    SseEvent { event, data }
    TransformSseEventRequest {
        request_id, principal, upstream, request_method, request_path, canonical_model_id, response_status,
        response_headers, event,
    }
}

enums! {
    Upstream { AnthropicDirect { base_url } }
    TransformResponseResult { Unchanged {}, Replace { status, headers, body } }
    TransformSseEventResult { Unchanged {}, Replace { events }, Drop {} }
}
