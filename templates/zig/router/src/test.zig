//! Tests of the plugin, on this machine: sh test.sh. They call what is behind the exports.

const std = @import("std");
const protocol = @import("protocol.zig");

fn answered(buffer: []u8, comptime function: protocol.Function, text: []const u8) []const u8 {
    var values: [16 * 1024]u8 = undefined;
    var allocator: std.heap.FixedBufferAllocator = .init(&values);
    var reader: std.Io.Reader = .fixed(text);
    var input: protocol.Input = undefined;
    input.start(allocator.allocator(), &reader);
    var writer: std.Io.Writer = .fixed(buffer);
    function(&input, &writer) catch |err| {
        writer = .fixed(buffer);
        input.explain(err, &writer) catch {};
    };
    return writer.buffered();
}

fn expect(comptime function: protocol.Function, text: []const u8, expected: []const u8) !void {
    var buffer: [4096]u8 = undefined;
    try std.testing.expectEqualStrings(expected, answered(&buffer, function, text));
}

fn limit(comptime remaining: []const u8) []const u8 {
    return "{\"kind\":\"requests\",\"window\":\"5h\",\"limit\":9,\"remaining\":" ++ remaining ++ ",\"reset\":null}";
}

fn candidate(comptime id: []const u8, comptime limits: []const u8) []const u8 {
    return "{\"upstream_id\":\"" ++ id ++ "\",\"name\":\"n\",\"kind\":\"k\",\"observed_rate_limits\":[" ++ limits ++
        "],\"subscription_quotas\":[],\"observed_at_unix_secs\":0}";
}

fn request(comptime version: []const u8, comptime candidates: []const u8) []const u8 {
    return "{\"_v\":" ++ version ++ ",\"body_base64\":\"\",\"candidates\":[" ++ candidates ++
        "],\"headers\":[],\"method\":\"POST\",\"path\":\"/\",\"principal\":{\"claims\":{\"a\":[{}]},\"id\":\"i\"," ++
        "\"kind\":\"api_key\"},\"query\":null,\"request_id\":\"r\"}";
}

fn result(comptime id: []const u8, comptime decision: []const u8, comptime reason: []const u8) []const u8 {
    return "{\"upstream_id\":\"" ++ id ++ "\",\"decision\":\"" ++ decision ++ "\",\"reason\":\"" ++ reason ++ "\"}";
}

test "rejects only candidates without requests left" {
    const candidates = comptime candidate("a", limit("0")) ++ "," ++ candidate("b", limit("1")) ++ "," ++
        candidate("c", limit("null"));
    try expect(protocol.filter, request("1", candidates), comptime "{\"_v\":1,\"results\":[" ++
        result("a", "reject", "no requests left in 5h") ++ "," ++
        result("b", "accept", "") ++ "," ++ result("c", "accept", "") ++ "]}");
    try expect(protocol.filter, request("1", ""), "{\"_v\":1,\"results\":[]}");
}

test "copies ids of any text" {
    try expect(protocol.filter, request("1", candidate("\\u00e9\\ud83d\\ude42\\n\\\"", "")),
        \\{"_v":1,"results":[{"upstream_id":"é🙂\n\"","decision":"accept","reason":""}]}
    );
}

test "refuses what is not a request" {
    const malformed = protocol.malformed ++ " at byte ";
    try expect(protocol.filter, "", malformed ++ "0: UnexpectedEndOfInput");
    try expect(protocol.filter, "[]", malformed ++ "1: UnexpectedToken");
    try expect(protocol.filter, "{\"_v\":1}", malformed ++ "8: MissingField");
    try expect(protocol.filter, "{\"_v\":1,\"_v\":1}", malformed ++ "12: DuplicateField");
    try expect(protocol.filter, "{\"x\":1}", malformed ++ "4: UnknownField");
    try expect(protocol.filter, request("\"1\"", ""), malformed ++ "6: UnexpectedToken");
    try expect(protocol.filter, comptime request("1", "") ++ "x", malformed ++ "171: SyntaxError");
    try expect(protocol.filter, request("2", ""), "_v is not the version that the handshake chose");
}

test "refuses what needs more memory" {
    const many = comptime many: {
        var list: []const u8 = candidate("a", "");
        for (0..200) |_| list = list ++ "," ++ candidate("a", "");
        break :many list;
    };
    try expect(protocol.filter, request("1", many), protocol.too_large);
}

// Each part of a request is refused, and a text with a byte changed is refused or answered. The
// safety checks of a test build would end the test.
test "survives broken requests" {
    const limits = comptime limit("18446744073709551615") ++ "," ++ limit("0");
    const whole = comptime request("1", candidate("\\ud83d\\ude42", limits));
    var buffer: [4096]u8 = undefined;
    for (0..whole.len) |part| {
        const refusal = answered(&buffer, protocol.filter, whole[0..part]);
        try std.testing.expectStringStartsWith(refusal, protocol.malformed);
        for ("\"\\{}[]:,-0.eu\x01 n\xff") |byte| {
            var copy: [whole.len]u8 = whole[0..whole.len].*;
            copy[part] = byte;
            _ = answered(&buffer, protocol.filter, &copy);
        }
    }
}

fn offer(comptime versions: []const u8) []const u8 {
    return "{\"handshake_schema_version\":1,\"envelope_version\":1,\"function_versions\":{" ++ versions ++
        "},\"host_capabilities\":[]}";
}

test "agrees on version 1 only" {
    var buffer: [4096]u8 = undefined;
    const accept = answered(&buffer, protocol.handshake, offer("\"filter\":[2,1],\"observe\":[1]"));
    try std.testing.expectStringStartsWith(accept, "{\"handshake_schema_version\":1,");
    const refusal = answered(&buffer, protocol.handshake, offer("\"filter\":[2],\"observe\":[1]"));
    try std.testing.expectEqualStrings(protocol.not_offered, refusal);
}

test "checks itself" {
    try expect(protocol.selfCheck, "{\"functions_to_test\":[\"observe\",\"filter\"],\"initiated_at\":1700000000}",
        \\{"status":"success","failures":[],"completed_at":1700000000}
    );
}
