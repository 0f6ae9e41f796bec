//! A router: says of each candidate whether the request may go to it.
//!
//! This one rejects a candidate that has used up one of its rate limits.

const std = @import("std");
const protocol = @import("protocol.zig");
const wire = @import("wire.zig");

/// The name and version by which hosts know the plugin.
pub const name = "my-plugin";
pub const version = "0.1.0";

/// Makes the result of one candidate. The decision is `accept` or `reject`. The reason is for people,
/// and may be empty. After an error the host goes on without the plugin.
pub fn judge(allocator: std.mem.Allocator, request: wire.FilterRequest, candidate: wire.Candidate) !wire.Result {
    _ = request; // A decision may depend on the path, or on who asks.
    for (candidate.observed_rate_limits) |limit| {
        const remaining = limit.remaining orelse continue;
        if (remaining > 0) continue;
        const reason = try std.fmt.allocPrint(allocator, "no {s} left in {s}", .{ limit.kind, limit.window });
        return .{ .upstream_id = candidate.upstream_id, .decision = .reject, .reason = reason };
    }
    return .{ .upstream_id = candidate.upstream_id, .decision = .accept, .reason = "" };
}

comptime {
    _ = protocol; // It has the exports.
}
