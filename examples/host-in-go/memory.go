package main

import (
	"encoding/binary"
	"sort"
)

const (
	pageBytes  = 65_536
	firstBlock = 2048 // the first offset of a block: the kernel keeps those below for itself
	headBytes  = 16   // what a block takes beside its data
	splitBytes = 48   // a freed block that is larger than a request by this is divided
	maxLength  = 0xe0000000
)

// block is a range of kernel memory, live or freed. Its head lies before its data.
type block struct {
	data, capacity, length uint64
	live                   bool
}

func (b *block) end() uint64 { return b.data + b.capacity }

// memory is the kernel's memory: KERNEL.md, "Blocks" and "Bounds".
type memory struct {
	bytes  []byte
	blocks []block // in the order of their offsets, without gaps
	dirty  uint64  // the end of the bytes that may not be zero
	grow   func(pages float64) bool
}

func newMemory(grow func(pages float64) bool) *memory {
	return &memory{bytes: make([]byte, pageBytes), dirty: firstBlock, grow: grow}
}

// top is the end of the last block.
func (m *memory) top() uint64 {
	if len(m.blocks) == 0 {
		return firstBlock - headBytes
	}
	return m.blocks[len(m.blocks)-1].end()
}

// find is the place of the live block that starts at a handle.
func (m *memory) find(handle uint64) (int, bool) {
	at := sort.Search(len(m.blocks), func(i int) bool { return m.blocks[i].data >= handle })
	return at, at < len(m.blocks) && m.blocks[at].data == handle && m.blocks[at].live
}

func (m *memory) length(handle uint64) uint64 {
	if at, ok := m.find(handle); ok {
		return m.blocks[at].length
	}
	return 0
}

// alloc makes a block behind the last one. It reuses a freed one only before memory would grow. It
// returns 0 if there is no room.
func (m *memory) alloc(length uint64) uint64 {
	if length == 0 || length > maxLength {
		return 0
	}
	capacity := (length + 7) &^ 7
	end := m.top() + headBytes + capacity
	if end > uint64(len(m.bytes)) {
		if data := m.reuse(capacity, length); data != 0 {
			return data
		}
		if !m.growTo(end) {
			return 0
		}
	}
	made := block{data: end - capacity, capacity: capacity, length: length, live: true}
	m.blocks = append(m.blocks, made)
	m.dirty = max(m.dirty, end)
	return made.data
}

func (m *memory) reuse(capacity, length uint64) uint64 {
	for at := range m.blocks {
		free := &m.blocks[at]
		if free.live || free.capacity < capacity {
			continue
		}
		if free.capacity-capacity < splitBytes {
			free.live, free.length = true, length
			return free.data
		}
		made := block{data: free.end() - capacity, capacity: capacity, length: length, live: true}
		free.capacity -= capacity + headBytes
		m.blocks = append(m.blocks, block{})
		copy(m.blocks[at+2:], m.blocks[at+1:])
		m.blocks[at+1] = made
		return made.data
	}
	return 0
}

func (m *memory) growTo(end uint64) bool {
	pages := (end+pageBytes-1)/pageBytes - uint64(len(m.bytes))/pageBytes
	if !m.grow(float64(pages)) {
		return false
	}
	if end > 1<<32 {
		m.grow(-float64(pages))
		return false
	}
	m.bytes = append(m.bytes, make([]byte, pages*pageBytes)...)
	return true
}

// free frees the block that starts at a handle, and joins it with freed neighbours.
func (m *memory) free(handle uint64) bool {
	at, ok := m.find(handle)
	if !ok {
		return false
	}
	m.blocks[at].live = false
	m.join(at)
	if at > 0 {
		m.join(at - 1)
	}
	return true
}

// join makes one of two freed blocks that follow one another.
func (m *memory) join(at int) {
	if at+1 >= len(m.blocks) || m.blocks[at].live || m.blocks[at+1].live {
		return
	}
	m.blocks[at].capacity += headBytes + m.blocks[at+1].capacity
	m.blocks = append(m.blocks[:at+1], m.blocks[at+2:]...)
}

// reset frees all blocks and zeroes the used bytes. It returns how many these were.
func (m *memory) reset() int {
	used := m.dirty
	clear(m.bytes[:used])
	m.blocks, m.dirty = m.blocks[:0], firstBlock
	return int(used)
}

// contains says whether a range is in memory, as loads and declarations must be.
func (m *memory) contains(offset, length uint64) bool {
	size := uint64(len(m.bytes))
	return offset >= firstBlock && offset < size && length <= size-offset
}

// load reads 1 or 8 bytes, little-endian; 0 if they are out of bounds.
func (m *memory) load(offset, size uint64) uint64 {
	if !m.contains(offset, size) {
		return 0
	}
	if size == 1 {
		return uint64(m.bytes[offset])
	}
	return binary.LittleEndian.Uint64(m.bytes[offset:])
}

// store writes 1 or 8 bytes, unless they are out of bounds or touch the head of a block.
func (m *memory) store(offset, size, value uint64) {
	next := sort.Search(len(m.blocks), func(i int) bool { return m.blocks[i].data > offset })
	touchesHead := next < len(m.blocks) && m.blocks[next].data-headBytes < offset+size
	if !m.contains(offset, size) || touchesHead {
		return
	}
	var word [8]byte
	binary.LittleEndian.PutUint64(word[:], value)
	copy(m.bytes[offset:offset+size], word[:])
	m.dirty = max(m.dirty, offset+size)
}
