//! The functions of the Extism kernel, which every host provides. You need not change this file.
//!
//! The kernel has a memory of its own: input and output are copied. A call of the kernel costs fuel,
//! so that is done eight bytes at a time.

const std = @import("std");

const host = struct {
    extern "extism:host/env" fn input_length() u64;
    extern "extism:host/env" fn input_load_u8(index: u64) u32;
    extern "extism:host/env" fn input_load_u64(index: u64) u64;
    extern "extism:host/env" fn alloc(length: u64) u64;
    extern "extism:host/env" fn store_u8(offset: u64, byte: u32) void;
    extern "extism:host/env" fn store_u64(offset: u64, word: u64) void;
    extern "extism:host/env" fn output_set(offset: u64, length: u64) void;
    extern "extism:host/env" fn error_set(offset: u64) void;
};

/// Reads the input of the call, a part at a time.
pub const Input = struct {
    at: u64 = 0,
    reader: std.Io.Reader,

    /// `buffer` holds one part.
    pub fn init(buffer: []u8) Input {
        const vtable = comptime &std.Io.Reader.VTable{ .stream = stream };
        return .{ .reader = .{ .vtable = vtable, .buffer = buffer, .seek = 0, .end = 0 } };
    }

    fn stream(reader: *std.Io.Reader, writer: *std.Io.Writer, limit: std.Io.Limit) !usize {
        const input: *Input = @alignCast(@fieldParentPtr("reader", reader));
        const left = host.input_length() - input.at;
        if (left == 0) return error.EndOfStream;
        const room = limit.slice(try writer.writableSliceGreedy(1));
        const part = room[0..@intCast(@min(left, room.len))];
        load(part, input.at);
        input.at += part.len;
        writer.advance(part.len);
        return part.len;
    }
};

fn load(to: []u8, from: u64) void {
    var at: usize = 0;
    while (at + 8 <= to.len) : (at += 8)
        std.mem.writeInt(u64, to[at..][0..8], host.input_load_u64(from + at), .little);
    while (at < to.len) : (at += 1) to[at] = @truncate(host.input_load_u8(from + at));
}

/// Copies bytes into a new block of the kernel's memory, and returns where it begins.
fn store(bytes: []const u8) u64 {
    const block = host.alloc(bytes.len);
    var at: usize = 0;
    while (at + 8 <= bytes.len) : (at += 8)
        host.store_u64(block + at, std.mem.readInt(u64, bytes[at..][0..8], .little));
    while (at < bytes.len) : (at += 1) host.store_u8(block + at, bytes[at]);
    return block;
}

/// Ends a call with an answer.
pub fn answer(bytes: []const u8) i32 {
    host.output_set(store(bytes), bytes.len);
    return 0;
}

/// Ends a call with an error.
pub fn fail(message: []const u8) i32 {
    host.error_set(store(message));
    return 1;
}
