use cc_lb_plugin_wire::{augmented_metadata, handshake, identity, self_check, v1, v2, v3};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::Answer;

/// A text that is decoded as a type of the wire, straight and through a generic value.
#[derive(Deserialize)]
pub struct Case {
    name: String,
    text: String,
}

impl Case {
    pub fn answer(self) -> Answer {
        let text = &self.text;
        macro_rules! named {
            ($($name:literal => $type:ty),+ $(,)?) => {
                match self.name.as_str() {
                    $($name => answer::<$type>(text),)+
                    other => Err(format!("there is no type {other}").into()),
                }
            };
        }
        named! {
            "PluginIdentity" => identity::PluginIdentity,
            "HandshakeOffer" => handshake::HandshakeOffer,
            "HandshakeAccept" => handshake::HandshakeAccept,
            "SelfCheckRequest" => self_check::SelfCheckRequest,
            "SelfCheckResponse" => self_check::SelfCheckResponse,
            "SelfCheckFailure" => self_check::SelfCheckFailure,
            "AugmentedMetadata" => augmented_metadata::AugmentedMetadata,
            "PluginRegistryRecord" => augmented_metadata::PluginRegistryRecord,
            "v1.HeaderWire" => v1::common::HeaderWire,
            "v1.Principal" => v1::common::Principal,
            "v1.RequestWire" => v1::common::RequestWire,
            "v1.RateLimitObservationWire" => v1::common::RateLimitObservationWire,
            "v1.SubscriptionQuotaCandidateSnapshotWire" => v1::common::SubscriptionQuotaCandidateSnapshotWire,
            "v1.CandidateWire" => v1::common::CandidateWire,
            "v1.UpstreamWire" => v1::common::UpstreamWire,
            "v1.DialectBinding" => v1::common::DialectBinding,
            "v1.ShapedRequestWire" => v1::common::ShapedRequestWire,
            "v1.UpstreamErrorCategory" => v1::common::UpstreamErrorCategory,
            "v1.UpstreamErrorWire" => v1::common::UpstreamErrorWire,
            "v1.ObserveEventWire" => v1::common::ObserveEventWire,
            "v1.ShapeRequest" => v1::shape::ShapeRequest,
            "v1.ShapeResponse" => v1::shape::ShapeResponse,
            "v1.NormalizeErrorRequest" => v1::normalize_error::NormalizeErrorRequest,
            "v1.NormalizeErrorResponse" => v1::normalize_error::NormalizeErrorResponse,
            "v1.BuildSignerRequest" => v1::build_signer::BuildSignerRequest,
            "v1.BuildSignerResponse" => v1::build_signer::BuildSignerResponse,
            "v1.SignRequest" => v1::sign::SignRequest,
            "v1.SignResponse" => v1::sign::SignResponse,
            "v1.OnUnauthorizedRequest" => v1::on_unauthorized::OnUnauthorizedRequest,
            "v1.OnUnauthorizedResponse" => v1::on_unauthorized::OnUnauthorizedResponse,
            "v1.ObserveRequest" => v1::observe::ObserveRequest,
            "v1.ObserveResponse" => v1::observe::ObserveResponse,
            "v2.CandidateWire" => v2::common::CandidateWire,
            "v2.CacheScoreWire" => v2::common::CacheScoreWire,
            "v2.CacheBreakpointWire" => v2::common::CacheBreakpointWire,
            "v2.WarmCacheEntryWire" => v2::common::WarmCacheEntryWire,
            "v2.ShapeRequest" => v2::shape::ShapeRequest,
            "v3.FilterRequest" => v3::filter::FilterRequest,
            "v3.FilterResponse" => v3::filter::FilterResponse,
        }
    }
}

/// What is decoded straight, and through a generic value: `null` where the text is refused, else the value as it is
/// written in declared order, and sorted. The second of two equal texts is left out.
fn answer<T: Serialize + DeserializeOwned>(text: &str) -> Answer {
    let (straight, generic) = (written(serde_json::from_str::<T>(text))?, written(through_value::<T>(text))?);
    Ok(if straight == generic { json!([straight]) } else { json!([straight, generic]) })
}

fn through_value<T: DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    serde_json::from_value(serde_json::from_str(text)?)
}

fn written<T: Serialize>(decoded: serde_json::Result<T>) -> serde_json::Result<Value> {
    let Ok(value) = decoded else { return Ok(Value::Null) };
    let (declared, sorted) = (serde_json::to_string(&value)?, serde_json::to_value(&value)?.to_string());
    Ok(if declared == sorted { json!([declared]) } else { json!([declared, sorted]) })
}
