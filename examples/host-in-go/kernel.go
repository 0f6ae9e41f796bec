package main

import (
	"fmt"
	"math"
	"slices"
	"unicode/utf8"
)

// entryBytes is what a variable counts beside its key and its value.
const entryBytes = 48

// requestBytes is the longest request of HTTP that is read.
const requestBytes = 65_536

// logLevelOf is the number of a level (get_log_level).
func logLevelOf(name string) uint64 {
	if level := slices.Index([]string{"trace", "debug", "info", "warn", "error"}, name); level >= 0 {
		return uint64(level)
	}
	return math.MaxInt32
}

// kernel is the Extism kernel of one instance: KERNEL.md, "Functions of extism:host/env".
type kernel struct {
	*memory
	meter         *meter
	input, output span
	errorHandle   uint64
	config        map[string]string
	variables     *variables
	logLevel      uint64
}

// span is a range of kernel memory.
type span struct{ offset, length uint64 }

// variables are those of a plugin. They outlive its instances.
type variables struct {
	values    map[string][]byte
	usedBytes int // what all entries count
	maxBytes  float64
}

func newVariables(maxBytes float64) *variables {
	return &variables{values: map[string][]byte{}, maxBytes: maxBytes}
}

func (v *variables) clear() {
	clear(v.values)
	v.usedBytes = 0
}

// callEnd is what a kernel function panics with to end the call. The engine turns it into a trap,
// which nothing in the plugin catches (KP-14). Without a function, a budget is exhausted.
type callEnd struct{ function, reason string }

func (e *callEnd) Error() string { return e.function + ": " + e.reason }

// begin resets the kernel and copies the input into a block.
func (k *kernel) begin(input []byte) bool {
	k.clear()
	handle := k.alloc(uint64(len(input)))
	k.input = span{handle, uint64(len(input))}
	copy(k.bytes[handle:], input)
	return handle != 0 || len(input) == 0
}

// clear frees all blocks and forgets input, output and error. It returns the bytes that it zeroed.
func (k *kernel) clear() int {
	k.input, k.output, k.errorHandle = span{}, span{}, 0
	return k.memory.reset()
}

// message is the error that the plugin has set.
func (k *kernel) message() []byte {
	return k.bytes[k.errorHandle : k.errorHandle+k.length(k.errorHandle)]
}

func (k *kernel) answer() []byte {
	return k.bytes[k.output.offset : k.output.offset+k.output.length]
}

// kernelFunction is a function of extism:host/env. Types are written as in the text format.
type kernelFunction struct {
	params, results []string
	run             func(k *kernel, args []uint64) uint64
}

var (
	none   []string
	i32    = []string{"i32"}
	i64    = []string{"i64"}
	twoI64 = []string{"i64", "i64"}
	i64i32 = []string{"i64", "i32"}
)

// kernelFunctions are all of them by name. Their flat costs are not here: the module charges them
// where it calls (KP-12).
var kernelFunctions = map[string]kernelFunction{
	"alloc":         {i64, i64, func(k *kernel, a []uint64) uint64 { return k.allocFor(a[0]) }},
	"free":          {i64, none, func(k *kernel, a []uint64) uint64 { k.free(a[0]); return 0 }},
	"length":        {i64, i64, func(k *kernel, a []uint64) uint64 { return k.length(a[0]) }},
	"length_unsafe": {i64, i64, func(k *kernel, a []uint64) uint64 { return k.length(a[0]) }},
	"load_u8":       {i64, i32, func(k *kernel, a []uint64) uint64 { return k.load(a[0], 1) }},
	"load_u64":      {i64, i64, func(k *kernel, a []uint64) uint64 { return k.load(a[0], 8) }},
	"store_u8":      {i64i32, none, func(k *kernel, a []uint64) uint64 { k.store(a[0], 1, a[1]); return 0 }},
	"store_u64":     {twoI64, none, func(k *kernel, a []uint64) uint64 { k.store(a[0], 8, a[1]); return 0 }},
	"memory_bytes":  {none, i64, func(k *kernel, _ []uint64) uint64 { return uint64(len(k.bytes)) }},
	"reset":         {none, none, resetCalled},

	"input_offset":   {none, i64, func(k *kernel, _ []uint64) uint64 { return k.input.offset }},
	"input_length":   {none, i64, func(k *kernel, _ []uint64) uint64 { return k.input.length }},
	"input_load_u8":  {i64, i32, func(k *kernel, a []uint64) uint64 { return k.loadInput(a[0], 1) }},
	"input_load_u64": {i64, i64, func(k *kernel, a []uint64) uint64 { return k.loadInput(a[0], 8) }},
	"input_set":      {twoI64, none, func(k *kernel, a []uint64) uint64 { k.declare(&k.input, a); return 0 }},
	"output_set":     {twoI64, none, func(k *kernel, a []uint64) uint64 { k.declare(&k.output, a); return 0 }},
	"output_offset":  {none, i64, func(k *kernel, _ []uint64) uint64 { return k.output.offset }},
	"output_length":  {none, i64, func(k *kernel, _ []uint64) uint64 { return k.output.length }},
	"error_set":      {i64, none, errorSet},
	"error_get":      {none, i64, func(k *kernel, _ []uint64) uint64 { return k.errorHandle }},

	"config_get": {i64, i64, configGet},
	"var_get":    {i64, i64, varGet},
	"var_set":    {twoI64, none, varSet},

	"http_request":     {twoI64, i64, httpRequest},
	"http_status_code": {none, i32, func(*kernel, []uint64) uint64 { return 0 }},
	"http_headers":     {none, i64, func(*kernel, []uint64) uint64 { return 0 }},

	"log_trace":     {i64, none, logAt(0)},
	"log_debug":     {i64, none, logAt(1)},
	"log_info":      {i64, none, logAt(2)},
	"log_warn":      {i64, none, logAt(3)},
	"log_error":     {i64, none, logAt(4)},
	"get_log_level": {none, i32, func(k *kernel, _ []uint64) uint64 { return k.logLevel }},
}

// free also makes the input empty if its block is freed.
func (k *kernel) free(handle uint64) {
	if k.memory.free(handle) && handle == k.input.offset {
		k.input.length = 0
	}
}

// allocFor ends the call if the block would take more memory than the budget has.
func (k *kernel) allocFor(length uint64) uint64 {
	handle := k.alloc(length)
	k.endIfExhausted()
	return handle
}

func (k *kernel) endIfExhausted() {
	if k.meter.failure != "" {
		panic(&callEnd{})
	}
}

// spend charges bytes before they are read or written.
func (k *kernel) spend(bytes int) {
	k.meter.spend(bytes)
	k.endIfExhausted()
}

func resetCalled(k *kernel, _ []uint64) uint64 {
	if zeroed := k.clear(); zeroed > 65_536 {
		k.spend(zeroed)
	}
	return 0
}

func (k *kernel) loadInput(index, size uint64) uint64 {
	if index >= k.input.length || size > k.input.length-index {
		return 0
	}
	return k.load(k.input.offset+index, size)
}

func (k *kernel) declare(where *span, args []uint64) {
	if k.contains(args[0], args[1]) {
		*where = span{args[0], args[1]}
	}
}

func errorSet(k *kernel, args []uint64) uint64 {
	if args[0] == 0 || k.contains(args[0], 0) {
		k.errorHandle = args[0]
	}
	return 0
}

// read returns a copy of a block, and charges its bytes. Handle 0 means no bytes.
func (k *kernel) read(function string, handle uint64) []byte {
	if handle == 0 {
		return nil
	}
	length := k.length(handle)
	if length == 0 {
		panic(&callEnd{function, fmt.Sprintf("no live block starts at handle %d", handle)})
	}
	k.spend(int(length))
	return append([]byte{}, k.bytes[handle:handle+length]...)
}

func (k *kernel) readKey(function string, handle uint64) string {
	key := k.read(function, handle)
	if !utf8.Valid(key) {
		panic(&callEnd{function, "the key is not UTF-8"})
	}
	return string(key)
}

// write copies bytes into a new block, and charges them. No bytes are handle 0.
func (k *kernel) write(function string, bytes []byte) uint64 {
	if len(bytes) == 0 {
		return 0
	}
	k.spend(len(bytes))
	handle := k.allocFor(uint64(len(bytes)))
	if handle == 0 {
		panic(&callEnd{function, "kernel memory is exhausted"})
	}
	copy(k.bytes[handle:], bytes)
	return handle
}

func configGet(k *kernel, args []uint64) uint64 {
	value := k.config[k.readKey("config_get", args[0])]
	handle := k.write("config_get", []byte(value))
	k.free(args[0])
	return handle
}

func varGet(k *kernel, args []uint64) uint64 {
	value := k.variables.values[k.readKey("var_get", args[0])]
	handle := k.write("var_get", value)
	k.free(args[0])
	return handle
}

func varSet(k *kernel, args []uint64) uint64 {
	if k.variables.maxBytes == 0 {
		panic(&callEnd{"var_set", "variables are disabled"})
	}
	key := k.readKey("var_set", args[0])
	value := k.read("var_set", args[1])
	entry := entryBytes + len(key) + len(value)
	if args[1] != 0 && float64(k.variables.usedBytes+entry) > k.variables.maxBytes {
		panic(&callEnd{"var_set", "the variables are full"})
	}
	k.free(args[0])
	k.free(args[1])
	k.variables.remove(key)
	if args[1] != 0 {
		k.variables.values[key] = value
		k.variables.usedBytes += entry
	}
	return 0
}

func (v *variables) remove(key string) {
	if value, ok := v.values[key]; ok {
		v.usedBytes -= entryBytes + len(key) + len(value)
		delete(v.values, key)
	}
}

// httpRequest always ends the call. A real host first says what is wrong with the request.
func httpRequest(k *kernel, args []uint64) uint64 {
	if k.length(args[0]) <= requestBytes {
		k.read("http_request", args[0])
		k.read("http_request", args[1])
	}
	panic(&callEnd{"http_request", "HTTP is not allowed"})
}

// logAt reads a message if its level is enabled, and frees it. A real host logs it.
func logAt(level uint64) func(*kernel, []uint64) uint64 {
	return func(k *kernel, args []uint64) uint64 {
		if level >= k.logLevel {
			k.read("log", args[0])
		}
		k.free(args[0])
		return 0
	}
}
