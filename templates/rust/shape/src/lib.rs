//! A shape: makes the request that goes to the upstream, and can change the response.
//!
//! This one makes the URL, drops headers of the connection, and leaves responses as they are. A host
//! makes a new instance for each call, so what the plugin keeps in globals is lost after it.

#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use cc_lb_pdk_wasmtime::{cc_lb_plugin, handler};
use cc_lb_plugin_wire::v1::*;

/// The address of the API, if the upstream has none of its own.
const BASE_URL: &str = "https://api.anthropic.com";

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

fn url_of(upstream: Upstream, path: &str, query: Option<Box<str>>) -> String {
    let Upstream::AnthropicDirect { base_url } = upstream;
    let base = base_url
        .as_deref()
        .unwrap_or(BASE_URL)
        .trim_end_matches('/');
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("{base}{path}{query}")
}

fn headers_of(headers: Box<[Header]>) -> Box<[Header]> {
    let is = |header: &Header, name: &str| header.name.eq_ignore_ascii_case(name);
    let mut kept: Vec<Header> = headers.into();
    kept.retain(|header| !NOT_FORWARDED.iter().any(|name| is(header, name)));
    if !kept.iter().any(|header| is(header, "anthropic-version")) {
        kept.push(Header {
            name: "anthropic-version".into(),
            value: (*b"2023-06-01").into(),
        });
    }
    kept.into()
}

#[cc_lb_plugin(
    name = "my-plugin",
    version = "0.1.0",
    description = "Sends a request to its upstream.",
    usage = "Nothing is configured."
)]
mod plugin {
    use super::*;

    #[handler(
        shape,
        wire = 1,
        description = "Makes URL and headers.",
        usage = "See the plugin."
    )]
    pub fn shape(request: ShapeRequest) -> ShapeResponse {
        ShapeResponse {
            url: url_of(request.upstream, &request.path, request.query).into(),
            method: request.method,
            headers: headers_of(request.headers),
            body: request.body,
        }
    }

    /// With the mode `noop` a host never calls a hook. To use it, write `mode = "active"`.
    #[handler(
        transform_response,
        wire = 1,
        description = "Not used.",
        usage = "None.",
        mode = "noop"
    )]
    pub fn transform_response(_: TransformResponseRequest) -> TransformResponseResult {
        TransformResponseResult::Unchanged
    }

    #[handler(
        transform_sse_event,
        wire = 1,
        description = "Not used.",
        usage = "None.",
        mode = "noop"
    )]
    pub fn transform_sse_event(_: TransformSseEventRequest) -> TransformSseEventResult {
        TransformSseEventResult::Unchanged
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(name: &str, value: &[u8]) -> Header {
        Header {
            name: name.into(),
            value: value.into(),
        }
    }

    #[test]
    fn makes_the_url_from_upstream_path_and_query() {
        let url = |base_url: Option<&str>, query: Option<&str>| {
            let base_url = base_url.map(Into::into);
            url_of(
                Upstream::AnthropicDirect { base_url },
                "/v1/messages",
                query.map(Into::into),
            )
        };
        assert_eq!(url(None, None), "https://api.anthropic.com/v1/messages");
        assert_eq!(
            url(Some("http://localhost/"), Some("a=b")),
            "http://localhost/v1/messages?a=b"
        );
    }

    #[test]
    fn drops_headers_of_the_connection() {
        let given = [header("Connection", b"close"), header("accept", b"*/*")];
        let kept = headers_of(given.into());
        let names: Vec<&str> = kept.iter().map(|header| &*header.name).collect();
        assert_eq!(names, ["accept", "anthropic-version"]);
    }
}
