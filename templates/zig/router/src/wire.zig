//! The types of `filter`, as they are on the wire. You need not change this file, but may keep more:
//! a value of type `Skipped` is checked and takes no memory.

const std = @import("std");
const json = std.json;

pub const FilterRequest = struct {
    _v: Version,
    request_id: []const u8,
    headers: []const Header,
    method: []const u8,
    path: []const u8,
    query: ?[]const u8 = null,
    body_base64: Skipped(.string),
    principal: Principal,
    candidates: []const Candidate,
};

pub const Header = struct {
    name: []const u8,
    value_base64: []const u8,
};

pub const Principal = struct {
    id: []const u8,
    kind: []const u8,
    claims: Skipped(.object_begin),
};

pub const Candidate = struct {
    upstream_id: []const u8,
    name: []const u8,
    kind: []const u8,
    observed_rate_limits: []const RateLimit,
    subscription_quotas: []const Quota,
    observed_at_unix_secs: u64,
    cache_score: ?CacheScore = null,
};

pub const RateLimit = struct {
    kind: []const u8,
    window: []const u8,
    limit: ?u64 = null,
    remaining: ?u64 = null,
    reset: ?[]const u8 = null,
};

pub const Quota = struct {
    window: []const u8,
    source: []const u8,
    data_state: []const u8,
    utilization: ?f64 = null,
    status: ?[]const u8 = null,
    resets_at_unix_secs: ?u64 = null,
    surpassed_threshold: ?bool = null,
    representative_claim: ?[]const u8 = null,
    disabled_reason: ?[]const u8 = null,
    observed_at_unix_millis: ?u64 = null,
    age_secs: ?u64 = null,
};

pub const CacheScore = struct {
    predicted_cache_read_tokens: u32,
    predicted_cache_creation_tokens_5m: u32,
    predicted_cache_creation_tokens_1h: u32,
    predicted_uncached_input_tokens: u32,
    predicted_expires_at_unix_secs: ?u64 = null,
    matched_breakpoint_index: ?u32 = null,
    confidence: f32,
    ambiguity_reason: ?[]const u8 = null,
};

/// What a router says of one candidate.
pub const Result = struct {
    upstream_id: []const u8,
    decision: enum { accept, reject },
    reason: []const u8,
};

/// The request that a self-check reads.
pub const sample =
    \\{"_v":1,"body_base64":"","candidates":[],"headers":[],"method":"POST","path":"/v1/messages",
    \\"principal":{"claims":{},"id":"dry-run-principal","kind":"api_key"},"query":null,
    \\"request_id":"dry-run-request"}
;

/// A number that is not written as a string, which `std.json` takes too.
const Version = struct {
    number: u32,

    pub fn jsonParse(allocator: std.mem.Allocator, source: anytype, options: json.ParseOptions) !Version {
        if (try source.peekNextTokenType() != .number) return error.UnexpectedToken;
        return .{ .number = try json.innerParse(u32, allocator, source, options) };
    }
};

/// A value that begins with this token, and is not kept.
fn Skipped(comptime first: json.TokenType) type {
    return struct {
        pub fn jsonParse(_: std.mem.Allocator, source: anytype, _: json.ParseOptions) !@This() {
            if (try source.peekNextTokenType() != first) return error.UnexpectedToken;
            try source.skipValue();
            return .{};
        }
    };
}
