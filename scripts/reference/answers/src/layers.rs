use std::collections::{BTreeMap, BTreeSet};

use cc_lb_plugin_wire::augmented_metadata::AugmentedMetadata;
use cc_lb_plugin_wire::handshake::HandshakeOffer;
use cc_lb_plugin_wire::identity::{CC_LB_PLUGIN_MAGIC, PluginIdentity};
use cc_lb_plugin_wire::v1::{build_signer, normalize_error, observe, on_unauthorized, shape, sign};
use cc_lb_plugin_wire::v3::filter;
use cc_lb_plugin_wire::wire_function::WireFunction;
use cc_lb_runtime_protocol::build_plugin;
use cc_lb_runtime_protocol::dispatch::{DispatchOutcome, dispatch_wire_call};
use cc_lb_runtime_protocol::handshake::{HandshakeExecutionError, build_offer, execute_handshake};
use cc_lb_runtime_protocol::self_check::{SelfCheckExecutionError, execute_self_check};
use serde::Deserialize;
use serde_json::json;
use shared::telemetry::recording;

use crate::variant::{name, nested, variant};
use crate::{Answer, LEVELS};

#[derive(Deserialize)]
pub struct HandshakeCase {
    #[serde(with = "shared::bytes")]
    wasm: Vec<u8>,
    /// The offer; the built-in one, with the capabilities, if there is none.
    offer: Option<HandshakeOffer>,
    #[serde(default)]
    capabilities: BTreeSet<String>,
    /// Whether the text of a failed call is answered too.
    #[serde(default)]
    texts: bool,
}

impl HandshakeCase {
    pub fn answer(self) -> Answer {
        let offer = self.offer.unwrap_or_else(|| build_offer(&self.capabilities));
        Ok(match execute_handshake(&self.wasm, &offer) {
            Ok(accept) => json!({ "ok": accept }),
            Err(HandshakeExecutionError::Validation(error)) => json!({ "error": nested("Validation", &error) }),
            Err(error) if self.texts => json!({ "error": variant(&error), "text": error.to_string() }),
            Err(error) => json!({ "error": variant(&error) }),
        })
    }
}

#[derive(Deserialize)]
pub struct SelfCheckCase {
    #[serde(with = "shared::bytes")]
    wasm: Vec<u8>,
    #[serde(default)]
    texts: bool,
}

impl SelfCheckCase {
    pub fn answer(self) -> Answer {
        Ok(match execute_self_check(&self.wasm) {
            Ok(response) => json!({ "ok": response }),
            Err(SelfCheckExecutionError::Validation(error)) => {
                json!({ "error": format!("Validation({})", name(&format!("{error:?}"))) })
            }
            Err(error) if self.texts => json!({ "error": variant(&error), "text": error.to_string() }),
            Err(error) => json!({ "error": variant(&error) }),
        })
    }
}

#[derive(Deserialize)]
pub struct DispatchCase {
    #[serde(with = "shared::bytes")]
    wasm: Vec<u8>,
    function: String,
    /// The negotiated version; none was negotiated if there is none.
    version: Option<u32>,
    /// The request as JSON; the dry-run sample if there is none.
    request: Option<String>,
    #[serde(default = "default_fuel")]
    fuel: u64,
}

fn default_fuel() -> u64 {
    10_000_000
}

impl DispatchCase {
    pub fn answer(self) -> Answer {
        match self.function.as_str() {
            "shape" => self.dispatch::<shape::ShapeFn>(),
            "normalize_error" => self.dispatch::<normalize_error::NormalizeErrorFn>(),
            "build_signer" => self.dispatch::<build_signer::BuildSignerFn>(),
            "sign" => self.dispatch::<sign::SignFn>(),
            "on_unauthorized" => self.dispatch::<on_unauthorized::OnUnauthorizedFn>(),
            "observe" => self.dispatch::<observe::ObserveFn>(),
            "filter" => self.dispatch::<filter::FilterFn>(),
            other => Err(format!("there is no function {other}").into()),
        }
    }

    fn dispatch<F: WireFunction>(self) -> Answer {
        let request = match &self.request {
            Some(text) => serde_json::from_str(text)?,
            None => F::dry_run_request(),
        };
        let metadata = AugmentedMetadata {
            identity: PluginIdentity {
                magic: CC_LB_PLUGIN_MAGIC,
                abi_envelope: 1,
                plugin_name: "case".to_owned(),
                plugin_version: "1".to_owned(),
            },
            negotiated_functions: self
                .version
                .map(|version| (F::NAME.to_owned(), version))
                .into_iter()
                .collect::<BTreeMap<_, _>>(),
            negotiated_capabilities: BTreeSet::new(),
            handshake_completed_at: 1,
            self_check_passed: true,
            self_check_completed_at: 1,
            expires_at: 2,
        };
        let mut plugin = build_plugin(&self.wasm, 200, self.fuel)?;
        let (outcome, seen) = recording(LEVELS, || dispatch_wire_call::<F>(&mut plugin, &metadata, request));
        Ok(match outcome {
            // As text, since a value would lose the order of fields and the digits of numbers.
            DispatchOutcome::Ok(response) => json!({ "ok": serde_json::to_string(&response)? }),
            DispatchOutcome::Fallback(policy) => json!({ "fallback": policy, "stage": seen.stage() }),
            _ => return Err("an outcome that 0.1.0 does not have".into()),
        })
    }
}
