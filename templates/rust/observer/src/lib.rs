//! An observer: gets the events of a request, and changes nothing.
//!
//! This one writes a line to the host's log for each request that ends.

mod kernel;
mod log;
mod protocol;

use cc_lb_plugin_wire::v1::common::ObserveEventWire;
use cc_lb_plugin_wire::v1::observe::{ObserveFn, ObserveRequest, ObserveResponse};

protocol::plugin! {
    observe: ObserveFn => report,
}

/// Gets a batch of events, in their order. The host ignores an error.
fn report(request: ObserveRequest) -> Result<ObserveResponse, String> {
    for line in request.events.iter().filter_map(line_of) {
        log::info(&line);
    }
    Ok(ObserveResponse {})
}

/// The line for an event, if it has one. A host may send the log anywhere, so leave out what belongs
/// to users.
fn line_of(event: &ObserveEventWire) -> Option<String> {
    match event {
        ObserveEventWire::RequestFinished {
            status,
            output_tokens,
            duration_ms,
            ..
        } => {
            let tokens = output_tokens
                .map(|tokens| format!(", {tokens} tokens"))
                .unwrap_or_default();
            Some(format!("status {status} after {duration_ms} ms{tokens}"))
        }
        ObserveEventWire::Error { code, source, .. } => Some(format!("error {code} of {source}")),
        ObserveEventWire::RequestStarted { .. }
        | ObserveEventWire::AuthnComplete { .. }
        | ObserveEventWire::UpstreamChosen { .. }
        | ObserveEventWire::Chunk { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finished(output_tokens: Option<u64>) -> ObserveEventWire {
        ObserveEventWire::RequestFinished {
            status: 200,
            input_tokens: None,
            output_tokens,
            cache_creation_input_tokens: None,
            cache_read_input_tokens: None,
            duration_ms: 1500,
        }
    }

    #[test]
    fn logs_the_end_of_a_request() {
        assert_eq!(
            line_of(&finished(None)).unwrap(),
            "status 200 after 1500 ms"
        );
        assert_eq!(
            line_of(&finished(Some(7))).unwrap(),
            "status 200 after 1500 ms, 7 tokens"
        );
    }

    #[test]
    fn logs_nothing_at_a_chunk() {
        let chunk = ObserveEventWire::Chunk {
            batch_index: 0,
            event_count: 1,
            total_bytes: 9,
        };
        assert_eq!(line_of(&chunk), None);
    }
}
