use cc_lb_plugin_wire::augmented_metadata::{AugmentedMetadata, PluginRegistryRecord};
use cc_lb_plugin_wire::handshake::{HandshakeAccept, HandshakeOfferRaw, canonical::host_offer_hash};
use cc_lb_plugin_wire::identity::PluginIdentity;
use serde::Deserialize;
use serde_json::json;

use crate::Answer;
use crate::variant::name;

/// The record of a handshake and a self-check.
#[derive(Deserialize)]
pub struct Case {
    identity: PluginIdentity,
    accept: HandshakeAccept,
    /// Integers of 64 bits are texts here, since the program that writes cases has doubles.
    handshake_completed_at: String,
    self_check_passed: bool,
    self_check_completed_at: String,
    ttl_seconds: String,
    now: String,
}

impl Case {
    pub fn answer(self) -> Answer {
        let now: i64 = self.now.parse()?;
        let record = AugmentedMetadata::from_handshake_and_self_check(
            self.identity,
            self.accept.chosen_versions,
            self.accept.required_capabilities,
            self.handshake_completed_at.parse()?,
            self.self_check_passed,
            self.self_check_completed_at.parse()?,
            self.ttl_seconds.parse()?,
        );
        Ok(match record {
            Ok(record) => json!({
                "ok": serde_json::to_string(&record)?,
                "expired": record.is_expired(now),
                "ttl": record.ttl_seconds(now).to_string(),
            }),
            Err(error) => json!({ "error": name(&format!("{error:?}")) }),
        })
    }
}

/// A record as a registry keeps it, as text.
#[derive(Deserialize)]
pub struct RegistryCase {
    text: String,
}

impl RegistryCase {
    pub fn answer(self) -> Answer {
        let Ok(record) = serde_json::from_str::<PluginRegistryRecord>(&self.text) else {
            return Ok(json!({ "error": "refused" }));
        };
        Ok(match record.validate() {
            Ok(()) => json!({ "ok": serde_json::to_string(&record)?.len() }),
            Err(error) => json!({ "error": name(&format!("{error:?}")) }),
        })
    }
}

/// An offer as a host holds it, whose canonical form is hashed.
#[derive(Deserialize)]
pub struct OfferHashCase {
    offer: HandshakeOfferRaw,
}

impl OfferHashCase {
    pub fn answer(self) -> Answer {
        let hash = host_offer_hash(&self.offer)?;
        Ok(json!(hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>()))
    }
}
