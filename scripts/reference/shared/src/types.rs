/// Calls a generic function with the type of the wire that a text names. The whole is `None` if the crate does not have
/// the type.
#[macro_export]
macro_rules! with_wire_type {
    ($name:expr, $function:ident($($argument:expr),*)) => {{
        use $crate::cc_lb_plugin_wire::{augmented_metadata, handshake, identity, self_check, v1, v2, v3};
        $crate::with_wire_type!(@ $name, $function($($argument),*),
            "PluginIdentity" => identity::PluginIdentity,
            "HandshakeOfferRaw" => handshake::HandshakeOfferRaw,
            "FunctionVersionOfferRaw" => handshake::FunctionVersionOfferRaw,
            "CanonicalOffer" => handshake::CanonicalOffer,
            "PluginSlot" => $crate::cc_lb_plugin_api::PluginSlot,
            "HandshakeOffer" => handshake::HandshakeOffer,
            "HandshakeAccept" => handshake::HandshakeAccept,
            "SelfCheckRequest" => self_check::SelfCheckRequest,
            "SelfCheckResponse" => self_check::SelfCheckResponse,
            "SelfCheckFailure" => self_check::SelfCheckFailure,
            "SelfCheckStage" => self_check::SelfCheckStage,
            "SelfCheckStatus" => self_check::SelfCheckStatus,
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
            "v2.TtlClassWire" => v2::common::TtlClassWire,
            "v2.BreakpointOriginWire" => v2::common::BreakpointOriginWire,
            "v2.CacheBreakpointSourceWire" => v2::common::CacheBreakpointSourceWire,
            "v2.ShapeRequest" => v2::shape::ShapeRequest,
            "v3.FilterRequest" => v3::filter::FilterRequest,
            "v3.PerCandidateReasonWire" => v3::filter::PerCandidateReasonWire,
            "v3.FilterResponse" => v3::filter::FilterResponse,
        )
    }};
    (@ $name:expr, $function:ident $arguments:tt, $($text:literal => $type:ty,)+) => {
        match $name {
            $($text => Some($crate::with_wire_type!(@@ $function, $type, $arguments)),)+
            _ => None,
        }
    };
    (@@ $function:ident, $type:ty, ($($argument:expr),*)) => { $function::<$type>($($argument),*) };
}
