package main

import (
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

const (
	meteringVersion = 4        // of the section that this host reads
	largestSlice    = 50_000   // the most fuel that a module gets at once
	heapBytes       = 64 << 20 // the budget of objects, and of exceptions that are kept
)

// budget is what a plugin may use: KERNEL.md, "Budgets".
type budget struct {
	Fuel         float64
	WallMs       float64 `json:"wall_ms"`
	MemoryPages  float64 `json:"memory_pages"` // at first, and as many more by growth
	TableEntries float64 `json:"table_entries"`
	StackSlots   int32   `json:"stack_slots"`
}

// defaultBudget has no deadline. A real host sets one.
var defaultBudget = budget{1e9, math.Inf(1), 32, 100_000, 65_536}

// isExceededBy says whether a module has more at first than the budgets allow (KP-16).
func (b budget) isExceededBy(section metering) bool {
	return section.InitialPages > b.MemoryPages || section.InitialEntries > b.TableEntries ||
		section.InitialHeapBytes > heapBytes
}

// metering is what this host needs of the custom section cc_lb.metering (KP-1).
type metering struct {
	Version                                        int
	ImportModule                                   string
	Globals                                        map[string]string
	Start                                          *string // nil if the original had no start function
	Exports                                        []struct{ Name string }
	InitialPages, InitialEntries, InitialHeapBytes float64
}

// readMetering finds the section in a prepared module.
func readMetering(module wazero.CompiledModule) (section metering, err error) {
	for _, each := range module.CustomSections() {
		if each.Name() == "cc_lb.metering" {
			err = json.Unmarshal(each.Data(), &section)
		}
	}
	if err == nil && section.Version != meteringVersion {
		err = fmt.Errorf("the section cc_lb.metering has version %d, not %d", section.Version, meteringVersion)
	}
	return section, err
}

// meter is the host's side of metering, for one instance. The engine counts nothing: the module
// counts in its globals, and asks for more.
type meter struct {
	budget                     budget
	counter, time, stack, heap api.MutableGlobal
	slice                      float64 // the latest slice of fuel
	burnt                      float64 // fuel of the slices before it, and of bytes
	pages, entries             float64 // that are left
	began                      time.Time
	failure                    string // the budget that was exhausted first; empty if none was
}

// attach finds the globals of a new instance. It sets the heap (KP-5), and takes from the budgets
// what the module has at first.
func (m *meter) attach(module api.Module, section metering) {
	global := func(name string) api.MutableGlobal {
		// Metering exports all four as mutable globals.
		return module.ExportedGlobal(section.Globals[name]).(api.MutableGlobal)
	}
	m.counter, m.time, m.stack, m.heap = global("counter"), global("time"), global("stack"), global("heap")
	m.heap.Set(api.EncodeI64(heapBytes - int64(section.InitialHeapBytes)))
	m.pages, m.entries = m.budget.MemoryPages, m.budget.TableEntries-section.InitialEntries
}

// functions are those that the module imports for metering. It never waits (KP-9).
func (m *meter) functions() map[string]any {
	return map[string]any{
		"tick":         m.tick,
		"take_pages":   m.takePages,
		"take_entries": m.takeEntries,
		"clamp_wait":   func(int64) int64 { return 0 },
	}
}

// begin gives the whole budget of fuel, before a call from outside (KP-18), and that of time from
// this moment.
func (m *meter) begin(now time.Time) {
	m.began, m.slice, m.burnt, m.failure = now, 0, 0, ""
	m.counter.Set(api.EncodeI32(-1))
	m.time.Set(0)
}

// consumed is the fuel that was burnt since begin (KP-10).
func (m *meter) consumed() float64 {
	return m.burnt + m.used(api.DecodeI32(m.counter.Get()), api.DecodeI32(m.time.Get()))
}

// used is the fuel that was burnt of the latest slice, if the globals have these values.
func (m *meter) used(counter, time int32) float64 {
	return m.slice - 1 - float64(counter) - float64(time)
}

// tick gives the next slice, or 0 to end the call (KP-6).
func (m *meter) tick(counter, time int32) int32 {
	m.burnt += m.used(counter, time)
	m.slice = min(largestSlice, math.Ceil(m.budget.Fuel-m.burnt))
	if m.slice <= 0 {
		m.fail("OutOfFuel")
	}
	m.readClock()
	if m.failure != "" {
		m.slice = 0
	}
	return int32(m.slice)
}

// takePages and takeEntries take from a budget, or give back. The result 0 refuses (KP-7, KP-8).
func (m *meter) takePages(pages float64) int32     { return m.take(&m.pages, pages) }
func (m *meter) takeEntries(entries float64) int32 { return m.take(&m.entries, entries) }

func (m *meter) take(left *float64, amount float64) int32 {
	if amount > *left {
		m.fail("OutOfMemory")
	}
	m.readClock()
	if amount > 0 && m.failure != "" {
		return 0
	}
	*left -= amount
	return 1
}

// spend charges bytes that a host function reads or writes (KP-13).
func (m *meter) spend(bytes float64) {
	m.burnt += bytes
	if m.consumed() >= m.budget.Fuel {
		m.fail("OutOfFuel")
	}
	m.readClock()
}

// readClock comes wherever KP-11 asks for it.
func (m *meter) readClock() {
	if time.Since(m.began).Seconds()*1000 >= m.budget.WallMs {
		m.fail("Timeout")
	}
}

// fail records that a budget is exhausted. The first one is the failure of the call (KC-44).
func (m *meter) fail(kind string) {
	if m.failure == "" {
		m.failure = kind
	}
}

// end is the budget that the call has exhausted; empty if it has none (KP-19).
func (m *meter) end() string {
	switch {
	case m.failure != "":
	case api.DecodeI32(m.stack.Get()) < 0:
		m.failure = "StackOverflow"
	case int64(m.heap.Get()) < 0:
		m.failure = "OutOfMemory"
	case m.consumed() >= m.budget.Fuel:
		m.failure = "OutOfFuel"
	}
	return m.failure
}

// fuel is what the call is said to have burnt: never more than its budget.
func (m *meter) fuel() float64 { return min(m.consumed(), m.budget.Fuel) }
