//! A router: says of each candidate whether the request may go to it.
//!
//! This one rejects a candidate that has used up one of its rate limits.

mod kernel;
mod protocol;

use cc_lb_plugin_wire::v2::common::CandidateWire;
use cc_lb_plugin_wire::v3::filter::{
    FilterFn, FilterRequest, FilterResponse, PerCandidateReasonWire,
};

protocol::plugin! {
    filter: FilterFn => filter_candidates,
}

/// Makes exactly one result for each candidate. After an error the host goes on without the plugin.
fn filter_candidates(request: FilterRequest) -> Result<FilterResponse, String> {
    let results = request.candidates.into_iter().map(judge).collect();
    Ok(FilterResponse { results })
}

/// The decision is `accept` or `reject`. The reason is for people, and may be empty.
fn judge(candidate: CandidateWire) -> PerCandidateReasonWire {
    let limits = candidate.observed_rate_limits;
    let (decision, reason) = match limits.iter().find(|limit| limit.remaining == Some(0)) {
        None => ("accept", String::new()),
        Some(limit) => (
            "reject",
            format!("no {} left in {}", limit.kind, limit.window),
        ),
    };
    PerCandidateReasonWire {
        upstream_id: candidate.upstream_id,
        decision: decision.to_owned(),
        reason,
    }
}

#[cfg(test)]
mod tests {
    use cc_lb_plugin_wire::v2::common::RateLimitObservationWire;

    use super::*;

    fn candidate(upstream_id: &str, remaining: Option<u64>) -> CandidateWire {
        CandidateWire {
            upstream_id: upstream_id.to_owned(),
            observed_rate_limits: vec![RateLimitObservationWire {
                remaining,
                ..RateLimitObservationWire::dry_run_sample()
            }],
            ..CandidateWire::dry_run_sample()
        }
    }

    #[test]
    fn rejects_only_candidates_without_requests_left() {
        let candidates = [("a", Some(0)), ("b", Some(1)), ("c", None)];
        let request = FilterRequest {
            candidates: candidates
                .map(|(id, remaining)| candidate(id, remaining))
                .into(),
            ..FilterRequest::dry_run_sample()
        };
        let results = filter_candidates(request).unwrap().results;
        let decisions: Vec<_> = results
            .iter()
            .map(|result| (&*result.upstream_id, &*result.decision))
            .collect();
        assert_eq!(
            decisions,
            [("a", "reject"), ("b", "accept"), ("c", "accept")]
        );
        assert_eq!(results[0].reason, "no requests left in dry-run");
    }
}
