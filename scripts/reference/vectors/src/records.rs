use cc_lb_plugin_wire::augmented_metadata::{AugmentedMetadata, AugmentedMetadataError, PluginRegistryRecord};
use cc_lb_plugin_wire::handshake::{HandshakeAccept, HandshakeOfferRaw, canonicalize, host_offer_hash};
use cc_lb_plugin_wire::identity::{IdentityError, PluginIdentity};
use cc_lb_plugin_wire::self_check::{SelfCheckResponse, SelfCheckStatus};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::end::{Outcome, failed, kind, one, response, violated};
use crate::layers::invalid_timestamp;

/// How long a record is valid if the host does not say otherwise, in seconds.
const DEFAULT_TTL: u64 = 604_800;

#[derive(Deserialize)]
pub struct Record {
    make: Option<String>,
    metadata: Option<String>,
    record: Option<String>,
    now: Option<i64>,
}

/// What the metadata of a plugin are made from.
#[derive(Deserialize)]
struct Make {
    identity: PluginIdentity,
    accept: HandshakeAccept,
    self_check: SelfCheckResponse,
    handshake_completed_at: i64,
    ttl_secs: Option<u64>,
}

/// A failure, as an end.
type Refused = Value;

impl Record {
    pub fn answer(self) -> Outcome {
        one(match (&self.make, &self.metadata, &self.record) {
            (Some(text), None, None) => self.end(&made(serde_json::from_str(text)?), |made| made),
            (None, Some(text), None) => self.end(&valid(text, AugmentedMetadata::validate), |metadata| metadata),
            (None, None, Some(text)) => {
                self.end(&valid(text, PluginRegistryRecord::validate), |record| &record.augmented_metadata)
            }
            _ => return Err("a vector has one of make, metadata and record".into()),
        })
    }

    fn end<T: Serialize>(&self, found: &Result<T, Refused>, metadata: impl Fn(&T) -> &AugmentedMetadata) -> Value {
        let value = match found {
            Ok(value) => value,
            Err(refused) => return refused.clone(),
        };
        let mut end = response(json_of(value));
        if let Some(now) = self.now {
            end["expired"] = json!(metadata(value).is_expired(now));
            end["remaining"] = json!(metadata(value).ttl_seconds(now));
        }
        end
    }
}

fn json_of(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|error| error.to_string())
}

fn made(make: Make) -> Result<AugmentedMetadata, Refused> {
    AugmentedMetadata::from_handshake_and_self_check(
        make.identity,
        make.accept.chosen_versions,
        make.accept.required_capabilities,
        make.handshake_completed_at,
        make.self_check.status == SelfCheckStatus::Success,
        make.self_check.completed_at,
        make.ttl_secs.unwrap_or(DEFAULT_TTL),
    )
    .map_err(refused)
}

fn valid<T: DeserializeOwned>(
    text: &str,
    validate: impl Fn(&T) -> Result<(), AugmentedMetadataError>,
) -> Result<T, Refused> {
    let value = serde_json::from_str(text).map_err(|_| failed("json", kind("Refused")))?;
    validate(&value).map_err(refused)?;
    Ok(value)
}

fn refused(error: AugmentedMetadataError) -> Refused {
    let error = match error {
        AugmentedMetadataError::IdentityValidationFailed(text) => match identity_violation(&text) {
            Some(violation) => violated("IdentityValidationFailed", &kind(&violation)),
            None => kind("IdentityValidationFailed"),
        },
        AugmentedMetadataError::InvalidTimestamp(text) => invalid_timestamp(&text),
        AugmentedMetadataError::SizeLimitExceeded => kind("SizeLimitExceeded"),
        AugmentedMetadataError::ExpirationBeforeHandshake => kind("ExpirationBeforeHandshake"),
        AugmentedMetadataError::NoNegotiatedFunctions => kind("NoNegotiatedFunctions"),
        AugmentedMetadataError::SerializationFailed(_) => kind("SerializationFailed"),
    };
    failed("metadata", error)
}

/// The violation whose text the error has.
fn identity_violation(text: &str) -> Option<String> {
    let violations = [
        IdentityError::MagicMismatch,
        IdentityError::PluginNameEmpty,
        IdentityError::PluginNameInvalid,
        IdentityError::PluginVersionEmpty,
        IdentityError::PluginVersionTooLong,
    ];
    violations.iter().find(|violation| violation.to_string() == text).map(|violation| format!("{violation:?}"))
}

#[derive(Deserialize)]
pub struct Offer {
    raw: String,
}

impl Offer {
    pub fn answer(self) -> Outcome {
        let Ok(raw) = serde_json::from_str::<HandshakeOfferRaw>(&self.raw) else {
            return one(failed("json", kind("Refused")));
        };
        let hash = host_offer_hash(&raw)?.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        one(json!({ "response": serde_json::to_string(&canonicalize(&raw))?, "hash": hash }))
    }
}
