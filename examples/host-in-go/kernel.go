package main

import (
	"encoding/binary"
	"slices"
	"unicode/utf8"
)

const (
	kernelNamespace = "extism:host/env"
	pageBytes       = 65_536
	firstBlock      = 2048          // the offset of the first block; those below are out of bounds (KB-2)
	longestBlock    = 3_758_096_384 // in bytes (K-2.2)
	freeReset       = 65_536        // the bytes that reset zeroes at no cost (KF-19)
	maxVarBytes     = 1 << 20       // of all variables (KV-3)
	logLevel        = 2             // info: see logLevels
	entryBytes      = 24 + 24       // what a variable counts beside its key and its value (KV-4)
)

// logLevels are those of messages, from 0 (K-30).
var logLevels = []string{"trace", "debug", "info", "warn", "error"}

// callEnd is what a kernel function panics with to end the call. The engine turns it into a trap,
// which nothing in the plugin catches (KP-14). If a budget is exhausted, the meter knows.
type callEnd struct{ function, reason string }

func (e *callEnd) Error() string { return e.function + ": " + e.reason }

// span is a range of kernel memory.
type span struct{ offset, length uint64 }

// kernel is the Extism kernel of a plugin, for one instance at a time. It keeps what it knows of
// blocks outside of their memory, so that no store changes it.
type kernel struct {
	meter         *meter
	config        map[string]string
	variables     map[string][]byte   // they outlive instances (KV-1)
	bytes         []byte              // kernel memory
	live          map[uint64]uint64   // the length of each live block by its handle
	freed         map[uint64][]uint64 // the handles of freed blocks by their length
	top           uint64              // where the next block begins
	dirty         uint64              // the end of the bytes that may not be zero
	input, output span
	errorHandle   uint64
}

// functions are those of extism:host/env by name. The types are those of KERNEL.md, since uint64
// is an i64. Their flat costs are not here: the module charges them where it calls (KP-12).
func (k *kernel) functions() map[string]any {
	length := func(handle uint64) uint64 { return k.live[handle] }
	functions := map[string]any{
		"alloc":         k.alloc,
		"free":          k.free,
		"length":        length,
		"length_unsafe": length,
		"load_u8":       func(offset uint64) uint32 { return uint32(k.load(offset, 1)) },
		"load_u64":      func(offset uint64) uint64 { return k.load(offset, 8) },
		"store_u8":      func(offset uint64, value uint32) { k.store(offset, 1, uint64(value)) },
		"store_u64":     func(offset, value uint64) { k.store(offset, 8, value) },
		"memory_bytes":  func() uint64 { return uint64(len(k.bytes)) },
		"reset":         k.reset,

		"input_offset":   func() uint64 { return k.input.offset },
		"input_length":   func() uint64 { return k.input.length },
		"input_load_u8":  func(index uint64) uint32 { return uint32(k.loadInput(index, 1)) },
		"input_load_u64": func(index uint64) uint64 { return k.loadInput(index, 8) },
		"input_set":      func(offset, length uint64) { k.declare(&k.input, offset, length) },
		"output_set":     func(offset, length uint64) { k.declare(&k.output, offset, length) },
		"output_offset":  func() uint64 { return k.output.offset },
		"output_length":  func() uint64 { return k.output.length },
		"error_set":      k.setError,
		"error_get":      func() uint64 { return k.errorHandle },

		"config_get": k.configGet,
		"var_get":    k.varGet,
		"var_set":    k.varSet,

		"http_request":     func(_, _ uint64) uint64 { panic(&callEnd{"http_request", "HTTP is not allowed"}) },
		"http_status_code": func() uint32 { return 0 },
		"http_headers":     func() uint64 { return 0 },
		"get_log_level":    func() uint32 { return logLevel },
	}
	for level, name := range logLevels {
		functions["log_"+name] = func(message uint64) { k.log(level, message) }
	}
	return functions
}

// renew makes the memory of another instance.
func (k *kernel) renew() {
	k.bytes, k.dirty = make([]byte, pageBytes), firstBlock
}

// begin resets the kernel and copies the input into a block (KC-25, KC-26). It says whether there
// was memory for it.
func (k *kernel) begin(input []byte) bool {
	k.clear()
	handle := k.allocate(uint64(len(input)))
	k.input = span{handle, uint64(len(input))}
	copy(k.bytes[handle:], input)
	return handle != 0 || len(input) == 0
}

// clear frees all blocks, zeroes their bytes, and forgets input, output and error. It returns how
// many bytes it zeroed.
func (k *kernel) clear() uint64 {
	zeroed := k.dirty - firstBlock
	clear(k.bytes[firstBlock : firstBlock+zeroed])
	k.live, k.freed = map[uint64]uint64{}, map[uint64][]uint64{}
	k.top, k.dirty = firstBlock, firstBlock
	k.input, k.output, k.errorHandle = span{}, span{}, 0
	return zeroed
}

func (k *kernel) reset() {
	if zeroed := k.clear(); zeroed > freeReset {
		k.spend(zeroed)
	}
}

// allocate returns the handle of a new block, or 0. The block comes after the last one. Only if
// memory would have to grow, a freed block of the same length is used again (K-2.5, K-2.7).
func (k *kernel) allocate(length uint64) uint64 {
	if length == 0 || length > longestBlock {
		return 0
	}
	handle := k.top
	if freed := k.freed[length]; handle+length > uint64(len(k.bytes)) && len(freed) > 0 {
		handle, k.freed[length] = freed[0], freed[1:]
	} else if !k.growTo(handle + length) {
		return 0
	}
	k.live[handle] = length
	k.top = max(k.top, handle+length)
	k.dirty = max(k.dirty, k.top)
	return handle
}

func (k *kernel) growTo(end uint64) bool {
	size := uint64(len(k.bytes))
	if end <= size {
		return true
	}
	pages := (end - size + pageBytes - 1) / pageBytes
	if size+pages*pageBytes > 1<<32 || k.meter.takePages(float64(pages)) == 0 {
		return false
	}
	k.bytes = append(k.bytes, make([]byte, pages*pageBytes)...)
	return true
}

// alloc ends the call if the block would take more memory than the budget has (K-2.3).
func (k *kernel) alloc(length uint64) uint64 {
	handle := k.allocate(length)
	k.endIfExhausted()
	return handle
}

func (k *kernel) endIfExhausted() {
	if k.meter.failure != "" {
		panic(&callEnd{})
	}
}

// free also makes the input empty if its block is freed (K-3).
func (k *kernel) free(handle uint64) {
	length := k.live[handle]
	if length == 0 {
		return
	}
	delete(k.live, handle)
	k.freed[length] = append(k.freed[length], handle)
	if handle == k.input.offset {
		k.input.length = 0
	}
}

// at is a range of memory; nil if it is out of bounds (KB-1, KB-2).
func (k *kernel) at(offset, length uint64) []byte {
	size := uint64(len(k.bytes))
	if offset < firstBlock || offset >= size || length > size-offset {
		return nil
	}
	return k.bytes[offset : offset+length]
}

// load reads 1 or 8 bytes; 0 if they are out of bounds (KB-4).
func (k *kernel) load(offset, size uint64) uint64 {
	var word [8]byte
	copy(word[:], k.at(offset, size))
	return binary.LittleEndian.Uint64(word[:])
}

// store writes 1 or 8 bytes, unless they are out of bounds (KB-5).
func (k *kernel) store(offset, size, value uint64) {
	word := binary.LittleEndian.AppendUint64(nil, value)
	if copy(k.at(offset, size), word) > 0 {
		k.dirty = max(k.dirty, offset+size)
	}
}

// loadInput reads 1 or 8 bytes of the input; 0 if they pass its end (KB-6, KB-7).
func (k *kernel) loadInput(index, size uint64) uint64 {
	if index >= k.input.length || size > k.input.length-index {
		return 0
	}
	return k.load(k.input.offset+index, size)
}

// declare keeps the earlier declaration if the range is out of bounds (KB-8).
func (k *kernel) declare(where *span, offset, length uint64) {
	if k.at(offset, length) != nil {
		*where = span{offset, length}
	}
}

func (k *kernel) setError(handle uint64) {
	if handle == 0 || k.at(handle, 0) != nil { // KB-9
		k.errorHandle = handle
	}
}

// message is the error that the plugin has set; empty if there is none (KC-46).
func (k *kernel) message() []byte {
	return k.bytes[k.errorHandle : k.errorHandle+k.live[k.errorHandle]]
}

// spend charges bytes before they are read or written (KF-18).
func (k *kernel) spend(bytes uint64) {
	k.meter.spend(float64(bytes))
	k.endIfExhausted()
}

// read returns a copy of a block, and charges its bytes. Handle 0 means no bytes.
func (k *kernel) read(function string, handle uint64) []byte {
	if handle != 0 && k.live[handle] == 0 {
		panic(&callEnd{function, "a handle is not the start of a live block"})
	}
	k.spend(k.live[handle])
	return slices.Clone(k.bytes[handle : handle+k.live[handle]])
}

// readKey reads a key of configuration or of a variable (KH-12).
func (k *kernel) readKey(function string, handle uint64) string {
	key := k.read(function, handle)
	if !utf8.Valid(key) {
		panic(&callEnd{function, "the key is not UTF-8"})
	}
	return string(key)
}

// answer frees the block of a key, and copies a value into a new block. No bytes are handle 0.
func (k *kernel) answer(function string, key uint64, value []byte) uint64 {
	k.spend(uint64(len(value)))
	handle := k.alloc(uint64(len(value)))
	if handle == 0 && len(value) > 0 {
		panic(&callEnd{function, "there is no kernel memory for the value"}) // K-2.4
	}
	copy(k.bytes[handle:], value)
	k.free(key)
	return handle
}

func (k *kernel) configGet(key uint64) uint64 {
	value := k.config[k.readKey("config_get", key)]
	return k.answer("config_get", key, []byte(value))
}

func (k *kernel) varGet(key uint64) uint64 {
	value := k.variables[k.readKey("var_get", key)]
	return k.answer("var_get", key, value)
}

// varSet checks in the order of KV-8, and counts every entry (KV-5).
func (k *kernel) varSet(key, value uint64) {
	name, content := k.readKey("var_set", key), k.read("var_set", value)
	size := entryBytes + len(name) + len(content)
	for otherName, other := range k.variables {
		size += entryBytes + len(otherName) + len(other)
	}
	if value != 0 && size > maxVarBytes {
		panic(&callEnd{"var_set", "the variables are full"})
	}
	if delete(k.variables, name); value != 0 {
		k.variables[name] = content
	}
	k.free(key)
	k.free(value)
}

// log reads a message if its level is enabled, and frees it. A real host logs it.
func (k *kernel) log(level int, message uint64) {
	if level >= logLevel {
		k.read("log_"+logLevels[level], message)
	}
	k.free(message)
}
