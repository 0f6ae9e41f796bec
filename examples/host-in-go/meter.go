package main

import (
	"math"
	"time"

	"github.com/tetratelabs/wazero/api"
)

const (
	// largestSlice is the most fuel that a module gets at once. The clock is read after each slice.
	largestSlice = 50_000
	// heapBytes is the budget of objects and of exceptions that are kept.
	heapBytes = 64 << 20
)

// The kinds of failures of exhausted budgets.
const (
	outOfFuel     = "OutOfFuel"
	timeout       = "Timeout"
	outOfMemory   = "OutOfMemory"
	stackOverflow = "StackOverflow"
)

// meter is the host's side of metering, for one instance. The engine counts nothing: the module
// counts in its globals, and asks for more. KP-2 and so on are anchors in abi/KERNEL.md.
type meter struct {
	budget                     budget
	counter, time, stack, heap api.MutableGlobal
	slice                      int64 // the latest slice of fuel
	burnt                      int64 // fuel of the slices before it, and of bytes
	pages, entries             float64
	deadline                   time.Time // zero if there is none
	failure                    string    // the budget that was exhausted first; empty if none was
}

// newMeter takes from the budgets what a module has at first (KP-16).
func newMeter(b budget, info metering) (*meter, error) {
	m := &meter{budget: b, pages: b.MemoryPages, entries: b.TableEntries - info.InitialEntries}
	initialPages := b.MemoryPages
	if b.InitialPages != nil {
		initialPages = *b.InitialPages
	}
	if info.InitialPages > initialPages || m.entries < 0 || info.InitialHeapBytes > heapBytes {
		return nil, failed("build", outOfMemory)
	}
	return m, nil
}

// attach finds the globals of the instance, and sets its heap (KP-5).
func (m *meter) attach(module api.Module, info metering) {
	global := func(name string) api.MutableGlobal {
		// Metering exports all four as mutable globals.
		return module.ExportedGlobal(info.Globals[name]).(api.MutableGlobal)
	}
	m.counter, m.time, m.stack, m.heap = global("counter"), global("time"), global("stack"), global("heap")
	m.heap.Set(api.EncodeI64(heapBytes - int64(info.InitialHeapBytes)))
}

// begin gives the whole budgets of fuel and time, before a call from outside (KP-18).
func (m *meter) begin() {
	m.settle()
	m.burnt, m.failure, m.deadline = 0, "", time.Time{}
	if !math.IsInf(m.budget.WallMs, 1) {
		m.deadline = time.Now().Add(time.Duration(m.budget.WallMs * float64(time.Millisecond)))
	}
}

// resetStack comes before the module is entered from outside (KP-4).
func (m *meter) resetStack() { m.stack.Set(api.EncodeI32(m.budget.StackSlots)) }

// consumed is the fuel that was burnt since begin (KP-10).
func (m *meter) consumed() int64 {
	return m.burnt + m.used(api.DecodeI32(m.counter.Get()), api.DecodeI32(m.time.Get()))
}

// used is the fuel that was burnt of the latest slice, if the globals have these values.
func (m *meter) used(counter, time int32) int64 { return m.slice - 1 - int64(counter) - int64(time) }

// settle ends the latest slice. The module asks for another before it goes on (KP-2, KP-3).
func (m *meter) settle() {
	m.burnt, m.slice = m.consumed(), 0
	m.counter.Set(api.EncodeI32(-1))
	m.time.Set(0)
}

// tick gives the next slice, or 0 to end the call (KP-6).
func (m *meter) tick(counter, time int32) int32 {
	m.burnt, m.slice = m.burnt+m.used(counter, time), 0
	left := m.budget.Fuel - float64(m.burnt)
	if left <= 0 {
		m.fail(outOfFuel)
	}
	m.readClock()
	if m.failure != "" {
		return 0
	}
	m.slice = int64(min(largestSlice, math.Ceil(left)))
	return int32(m.slice)
}

// takePages takes pages of memory from the budget, or gives them back.
func (m *meter) takePages(pages float64) bool { return m.take(&m.pages, pages) }

// takePagesI32 is what the module imports as take_pages (KP-7).
func (m *meter) takePagesI32(pages float64) int32 { return asI32(m.takePages(pages)) }

// takeEntriesI32 is what it imports as take_entries (KP-8).
func (m *meter) takeEntriesI32(entries float64) int32 { return asI32(m.take(&m.entries, entries)) }

func asI32(taken bool) int32 {
	if taken {
		return 1
	}
	return 0
}

func (m *meter) take(left *float64, amount float64) bool {
	if amount > *left {
		m.fail(outOfMemory)
	}
	m.readClock()
	if amount > 0 && m.failure != "" {
		return false
	}
	*left -= amount
	return true
}

// spend charges bytes that a host function reads or writes (KP-13).
func (m *meter) spend(bytes int) {
	m.burnt += int64(bytes)
	if float64(m.consumed()) >= m.budget.Fuel {
		m.fail(outOfFuel)
	}
	m.readClock()
}

func (m *meter) readClock() {
	if !m.deadline.IsZero() && !time.Now().Before(m.deadline) {
		m.fail(timeout)
	}
}

// fail records that a budget is exhausted. The first one is the failure of the call.
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
		m.failure = stackOverflow
	case int64(m.heap.Get()) < 0:
		m.failure = outOfMemory
	case float64(m.consumed()) >= m.budget.Fuel:
		m.failure = outOfFuel
	}
	return m.failure
}

// fuel is what the call is said to have burnt: never more than its budget.
func (m *meter) fuel() int64 { return int64(min(float64(m.consumed()), m.budget.Fuel)) }
