/* The functions of the Extism kernel, which every host provides. You need not change this file.
 *
 * The kernel has a memory of its own: input and output are copied. A call of the kernel costs fuel,
 * so that is done eight bytes at a time. */
#ifndef KERNEL_H
#define KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __wasm__

#define KERNEL(name) __attribute__((import_module("extism:host/env"), import_name(#name)))

KERNEL(input_length) uint64_t input_length(void);
KERNEL(input_load_u8) uint32_t input_load_u8(uint64_t index);
KERNEL(input_load_u64) uint64_t input_load_u64(uint64_t index);
KERNEL(alloc) uint64_t kernel_alloc(uint64_t length);
KERNEL(store_u8) void kernel_store_u8(uint64_t offset, uint32_t byte);
KERNEL(store_u64) void kernel_store_u64(uint64_t offset, uint64_t word);
KERNEL(output_set) void output_set(uint64_t offset, uint64_t length);
KERNEL(error_set) void error_set(uint64_t offset);

/* Copies bytes into a new block of the kernel's memory, and returns where it begins. */
static uint64_t store(const char *bytes, size_t length) {
  uint64_t block = kernel_alloc(length);
  size_t at = 0;
  for (; at + 8 <= length; at += 8) {
    uint64_t word;
    __builtin_memcpy(&word, bytes + at, 8);
    kernel_store_u64(block + at, word);
  }
  for (; at < length; at++) kernel_store_u8(block + at, (uint8_t)bytes[at]);
  return block;
}

/* The compiler calls these where a structure is copied or cleared. There is no C library. */
void *memcpy(void *restrict to, const void *restrict from, size_t length) {
  for (size_t at = 0; at < length; at++) ((char *)to)[at] = ((const char *)from)[at];
  return to;
}

void *memset(void *to, int byte, size_t length) {
  for (size_t at = 0; at < length; at++) ((char *)to)[at] = (char)byte;
  return to;
}

#else /* Tests on this machine have no kernel: they read texts. */

#include <string.h>

static inline uint32_t input_load_u8(uint64_t index) { return (void)index, __builtin_trap(), 0; }
static inline uint64_t input_load_u64(uint64_t index) { return (void)index, __builtin_trap(), 0; }

#endif
#endif
