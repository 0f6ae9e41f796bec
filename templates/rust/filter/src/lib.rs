//! A filter: says of each candidate whether the request may go to it.
//!
//! This one rejects a candidate whose plan has too little capacity left. A host makes a new instance
//! for each call, so what the plugin keeps in globals is lost after it.

#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

use alloc::format;
use cc_lb_pdk_wasmtime::{cc_lb_plugin, handler};
use cc_lb_plugin_wire::v1::{FilterRequest, FilterResponse, PerCandidateReason, UpstreamCandidate};

/// How much of its capacity a plan must have left, from 0 to 1.
const CAPACITY_MIN: f64 = 0.1;

/// The decision is `accept` or `reject`. The reason is for people, and may be empty.
fn judge(candidate: UpstreamCandidate) -> PerCandidateReason {
    let capacity = candidate.plan_capacity_ratio;
    // A ratio may be NaN, which is not less than anything: such a candidate is accepted.
    let (decision, reason) = if capacity < CAPACITY_MIN {
        (
            "reject",
            format!("{}% of the plan is left", (capacity * 100.0) as u8).into(),
        )
    } else {
        ("accept", "".into())
    };
    PerCandidateReason {
        upstream_id: candidate.upstream_id,
        decision: decision.into(),
        reason,
    }
}

#[cc_lb_plugin(
    name = "my-plugin",
    version = "0.1.0",
    description = "Rejects candidates whose plan is nearly used up.",
    usage = "Nothing is configured."
)]
mod plugin {
    use super::*;

    /// Candidates without a result are rejected.
    #[handler(
        filter,
        wire = 1,
        description = "Rejects by capacity.",
        usage = "See the plugin."
    )]
    pub fn filter(request: FilterRequest) -> FilterResponse {
        FilterResponse {
            results: request.candidates.into_iter().map(judge).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decision(plan_capacity_ratio: f64) -> String {
        let candidate = UpstreamCandidate {
            upstream_id: "00000000-0000-0000-0000-000000000000".into(),
            name: "first".into(),
            kind: "anthropic_oauth".into(),
            observed_at_unix_secs: 0,
            predicted_cache_read_tokens: 0,
            predicted_cache_creation_tokens_5m: 0,
            predicted_cache_creation_tokens_1h: 0,
            predicted_uncached_input_tokens: 0,
            plan_capacity_ratio,
            organization_type: "".into(),
            rate_limit_tier: "".into(),
            seat_tier: "".into(),
        };
        let result = judge(candidate);
        format!("{} {}", result.decision, result.reason)
    }

    #[test]
    fn rejects_a_plan_that_is_nearly_used_up() {
        assert_eq!(decision(0.05), "reject 5% of the plan is left");
        assert_eq!(decision(CAPACITY_MIN), "accept ");
        assert_eq!(decision(f64::NAN), "accept ");
    }
}
