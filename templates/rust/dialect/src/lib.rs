//! A dialect: makes the request that goes to the upstream, and turns errors of the upstream into the
//! form that clients of the Anthropic API expect.

mod kernel;
mod protocol;

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use cc_lb_plugin_wire::serde_json::{Value, from_slice, json};
use cc_lb_plugin_wire::v1::common::HeaderWire;
use cc_lb_plugin_wire::v1::normalize_error::{
    NormalizeErrorFn, NormalizeErrorRequest, NormalizeErrorResponse,
};
use cc_lb_plugin_wire::v1::shape::{ShapeFn, ShapeRequest, ShapeResponse};

protocol::plugin! {
    shape: ShapeFn => shape_request,
    normalize_error: NormalizeErrorFn => wrap_error,
}

const ORIGIN: &str = "https://api.anthropic.com";

/// Headers that belong to one connection only (RFC 9110, section 7.6.1), and the name of the host.
const NOT_FORWARDED: [&str; 7] = [
    "connection",
    "host",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Makes an absolute URL, a method, headers and a body. Values of headers and the body are base64.
fn shape_request(ShapeRequest { request, .. }: ShapeRequest) -> Result<ShapeResponse, String> {
    let is = |header: &HeaderWire, name: &str| header.name.eq_ignore_ascii_case(name);
    let mut headers = request.headers;
    headers.retain(|header| !NOT_FORWARDED.iter().any(|name| is(header, name)));
    if !headers.iter().any(|header| is(header, "anthropic-version")) {
        let value_base64 = BASE64.encode("2023-06-01");
        headers.push(HeaderWire {
            name: "anthropic-version".to_owned(),
            value_base64,
        });
    }
    let query = request
        .query
        .map(|query| format!("?{query}"))
        .unwrap_or_default();
    Ok(ShapeResponse {
        url: format!("{ORIGIN}{}{query}", request.path),
        method: request.method,
        headers,
        body_base64: request.body_base64,
    })
}

/// Wraps the body of an error that is not JSON. `None` leaves a body as it is.
fn wrap_error(error: NormalizeErrorRequest) -> Result<NormalizeErrorResponse, String> {
    let body = BASE64
        .decode(&error.body_base64)
        .map_err(|fault| format!("body_base64: {fault}"))?;
    if body.is_empty() || from_slice::<Value>(&body).is_ok() {
        return Ok(NormalizeErrorResponse { body_base64: None });
    }
    let kind = match error.status {
        429 => "rate_limit_error",
        529 => "overloaded_error",
        400..=499 => "invalid_request_error",
        _ => "api_error",
    };
    let message = String::from_utf8_lossy(&body);
    let wrapped = json!({ "type": "error", "error": { "type": kind, "message": message } });
    Ok(NormalizeErrorResponse {
        body_base64: Some(BASE64.encode(wrapped.to_string())),
    })
}

#[cfg(test)]
mod tests {
    use cc_lb_plugin_wire::v1::common::RequestWire;

    use super::*;

    fn header(name: &str, value: &str) -> HeaderWire {
        HeaderWire {
            name: name.to_owned(),
            value_base64: BASE64.encode(value),
        }
    }

    #[test]
    fn sends_a_request_without_headers_of_the_connection() {
        let request = RequestWire {
            headers: vec![header("Connection", "close"), header("accept", "*/*")],
            query: Some("beta=true".to_owned()),
            ..RequestWire::dry_run_sample()
        };
        let shaped = shape_request(ShapeRequest {
            request,
            ..ShapeRequest::dry_run_sample()
        })
        .unwrap();
        assert_eq!(
            shaped.url,
            "https://api.anthropic.com/v1/messages?beta=true"
        );
        assert_eq!(
            shaped.headers,
            [
                header("accept", "*/*"),
                header("anthropic-version", "2023-06-01")
            ]
        );
    }

    #[test]
    fn wraps_an_error_that_is_not_json() {
        let wrap = |status, body: &str| {
            let request = NormalizeErrorRequest {
                status,
                body_base64: BASE64.encode(body),
            };
            wrap_error(request)
                .unwrap()
                .body_base64
                .map(|wrapped| BASE64.decode(wrapped).unwrap())
        };
        assert_eq!(wrap(500, "{\"type\":\"error\"}"), None);
        let wrapped: Value = from_slice(&wrap(529, "busy").unwrap()).unwrap();
        assert_eq!(
            wrapped,
            json!({ "type": "error", "error": { "type": "overloaded_error", "message": "busy" } })
        );
    }
}
