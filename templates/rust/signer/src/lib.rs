//! A signer: adds credentials to the request that goes to the upstream.
//!
//! This one adds the key of its factory state, `{"key": "..."}`, as the header `x-api-key`.

mod kernel;
mod protocol;

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use cc_lb_plugin_wire::v1::build_signer::{BuildSignerFn, BuildSignerRequest, BuildSignerResponse};
use cc_lb_plugin_wire::v1::common::HeaderWire;
use cc_lb_plugin_wire::v1::on_unauthorized::{
    OnUnauthorizedFn, OnUnauthorizedRequest, OnUnauthorizedResponse,
};
use cc_lb_plugin_wire::v1::sign::{SignFn, SignRequest, SignResponse};

protocol::plugin! {
    build_signer: BuildSignerFn => build,
    sign: SignFn => add_key,
    on_unauthorized: OnUnauthorizedFn => give_up,
}

const HEADER: &str = "x-api-key";

/// Makes the state that the host gives to `sign` and `on_unauthorized`, from what the operator of
/// the host has configured. The state may be any JSON value; the plugin itself keeps nothing.
fn build(request: BuildSignerRequest) -> Result<BuildSignerResponse, String> {
    Ok(BuildSignerResponse {
        signer_state: request.factory_state,
    })
}

/// What is `Some` in the response replaces that part of the request. Without a key the request stays
/// as it is: a host tests the plugin with the state `null`, and the upstream refuses such a request.
/// Never put a key into an error text, because hosts log it.
fn add_key(request: SignRequest) -> Result<SignResponse, String> {
    let headers = request.signer_state["key"].as_str().map(|key| {
        let mut headers = request.shaped.headers;
        headers.retain(|header| !header.name.eq_ignore_ascii_case(HEADER));
        headers.push(HeaderWire {
            name: HEADER.to_owned(),
            value_base64: BASE64.encode(key),
        });
        headers
    });
    Ok(SignResponse {
        url: None,
        method: None,
        headers,
        body_base64: None,
    })
}

/// A host calls this when the upstream has refused the credentials. `fail` gives up.
fn give_up(request: OnUnauthorizedRequest) -> Result<OnUnauthorizedResponse, String> {
    let signer_state = request.signer_state;
    Ok(OnUnauthorizedResponse {
        decision: "fail".to_owned(),
        signer_state,
    })
}

#[cfg(test)]
mod tests {
    use cc_lb_plugin_wire::serde_json::{Value, json};

    use super::*;

    fn headers_with(factory_state: Value) -> Option<Vec<HeaderWire>> {
        let request = BuildSignerRequest {
            factory_state,
            ..BuildSignerRequest::dry_run_sample()
        };
        let signer_state = build(request).unwrap().signer_state;
        add_key(SignRequest {
            signer_state,
            ..SignRequest::dry_run_sample()
        })
        .unwrap()
        .headers
    }

    #[test]
    fn adds_the_key_of_the_factory_state() {
        let key = HeaderWire {
            name: HEADER.to_owned(),
            value_base64: BASE64.encode("secret"),
        };
        assert_eq!(headers_with(json!({ "key": "secret" })), Some(vec![key]));
    }

    #[test]
    fn changes_nothing_without_a_key() {
        assert_eq!(headers_with(Value::Null), None);
    }
}
