//! What the protocol demands of every router: identity, handshake, self-check, and the answers to
//! calls. You need not change this file: router.zig has what the plugin does.

const std = @import("std");
const json = std.json;
const kernel = @import("kernel.zig");
const wire = @import("wire.zig");
const router = @import("router.zig");

const is_wasm = @import("builtin").cpu.arch.isWasm();

// The section from which hosts read name and version of the plugin. Only inline assembly makes a
// custom section: `linksection` makes data in the plugin's memory.
comptime {
    if (is_wasm) asm (std.fmt.comptimePrint(
            \\.section .custom_section.cc_lb.plugin.v1,"",@
            \\.ascii "{{\"magic\":[204,27,112,16,0,1,0,0],\"abi_envelope\":1,"
            \\.ascii "\"plugin_name\":\"{s}\",\"plugin_version\":\"{s}\"}}"
            \\.text
        , .{ router.name, router.version }));
}

/// The version of `filter` that this plugin has, on the wire.
const filter_version = 1;

/// What a call needs beside its input: the values of a request, and its answer. Nothing grows, so the
/// plugin needs the same memory for each call. A request that needs more is refused.
var memory: [512 * 1024]u8 = undefined;

/// A function of the protocol: takes the input and writes the answer.
pub const Function = fn (*Input, *std.Io.Writer) anyerror!void;

pub const malformed = "the request is malformed";
pub const too_large = "request and answer need more memory than `memory` in protocol.zig";
pub const not_offered = "the host does not offer version 1 of filter, which this plugin has";

/// Reads values from JSON. It is strict, as the protocol demands: each field once, no other fields,
/// nothing after the value.
pub const Input = struct {
    allocator: std.mem.Allocator,
    source: json.Reader,
    position: json.Scanner.Diagnostics = .{},
    /// What is wrong with the values, if the JSON is right.
    fault: ?[]const u8 = null,

    /// `enableDiagnostics` needs the place where the input stays.
    pub fn start(input: *Input, allocator: std.mem.Allocator, reader: *std.Io.Reader) void {
        input.* = .{ .allocator = allocator, .source = .init(allocator, reader) };
        input.source.enableDiagnostics(&input.position);
    }

    pub fn read(input: *Input, comptime T: type) !T {
        return json.parseFromTokenSourceLeaky(T, input.allocator, &input.source, .{});
    }

    pub fn refuse(input: *Input, fault: []const u8) error{Refused} {
        input.fault = fault;
        return error.Refused;
    }

    /// Writes why the call failed, without any text of the request, which may be secret.
    pub fn explain(input: *const Input, err: anyerror, writer: *std.Io.Writer) !void {
        if (input.fault) |fault| return writer.writeAll(fault);
        switch (err) {
            error.OutOfMemory, error.WriteFailed => try writer.writeAll(too_large),
            else => try writer.print("{s} at byte {d}: {t}", .{ malformed, input.position.getByteOffset(), err }),
        }
    }
};

const Offer = struct {
    handshake_schema_version: u32,
    envelope_version: u32,
    function_versions: json.ArrayHashMap([]const u32),
    host_capabilities: []const []const u8,
};

pub fn handshake(input: *Input, answer: *std.Io.Writer) !void {
    const offer = try input.read(Offer);
    if (offer.handshake_schema_version != 1) return input.refuse("the handshake is not of version 1");
    const offered = offer.function_versions.map.get("filter") orelse &.{};
    if (std.mem.findScalar(u32, offered, filter_version) == null)
        return input.refuse(not_offered);
    try answer.writeAll(
        \\{"handshake_schema_version":1,"envelope_version":1,"chosen_versions":{"filter":1},
        \\"plugin_supported":{"filter":[1]},"implemented_functions":["filter"],"required_capabilities":[]}
    );
}

const SelfCheck = struct {
    functions_to_test: []const []const u8,
    initiated_at: u63,
};

/// Tests `filter` with a sample if the host names it. A plugin has no clock: the check ends when it
/// began.
pub fn selfCheck(input: *Input, answer: *std.Io.Writer) !void {
    const check = try input.read(SelfCheck);
    const Failure = struct { stage: []const u8, message: []const u8 };
    var failures: []const Failure = &.{};
    for (check.functions_to_test) |function| {
        if (!std.mem.eql(u8, function, "filter")) continue;
        var reader: std.Io.Reader = .fixed(wire.sample);
        var sample: Input = undefined;
        sample.start(input.allocator, &reader);
        var ignored: [256]u8 = undefined;
        var writer: std.Io.Writer = .fixed(&ignored);
        filter(&sample, &writer) catch |err| {
            failures = &.{.{ .stage = "wire_function_test", .message = @errorName(err) }};
        };
    }
    const status = if (failures.len == 0) "success" else "failure";
    const response = .{ .status = status, .failures = failures, .completed_at = check.initiated_at };
    try json.Stringify.value(response, .{}, answer);
}

pub fn filter(input: *Input, answer: *std.Io.Writer) !void {
    const request = try input.read(wire.FilterRequest);
    if (request._v.number != filter_version) return input.refuse("_v is not the version that the handshake chose");
    const results = try input.allocator.alloc(wire.Result, request.candidates.len);
    for (request.candidates, results) |candidate, *result|
        result.* = try router.judge(input.allocator, request, candidate);
    try json.Stringify.value(.{ ._v = filter_version, .results = results }, .{}, answer);
}

/// Serves one call: 0 if it is answered, 1 if an error says why not.
fn call(comptime function: Function) i32 {
    var buffer: [1024]u8 = undefined;
    var source: kernel.Input = .init(&buffer);
    const values = memory[0 .. memory.len / 4 * 3];
    var allocator: std.heap.FixedBufferAllocator = .init(values);
    var input: Input = undefined;
    input.start(allocator.allocator(), &source.reader);
    var writer: std.Io.Writer = .fixed(memory[values.len..]);
    function(&input, &writer) catch |err| {
        writer = .fixed(&buffer);
        input.explain(err, &writer) catch {};
        return kernel.fail(writer.buffered());
    };
    return kernel.answer(writer.buffered());
}

fn exported(comptime function: Function) fn () callconv(.c) i32 {
    return struct {
        fn serve() callconv(.c) i32 {
            return call(function);
        }
    }.serve;
}

// Tests on this machine have no kernel: they call the functions.
comptime {
    if (is_wasm) {
        @export(&exported(handshake), .{ .name = "cc_lb_handshake" });
        @export(&exported(selfCheck), .{ .name = "cc_lb_self_check" });
        @export(&exported(filter), .{ .name = "filter" });
    }
}
