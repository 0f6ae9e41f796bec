/* Reads and writes JSON. You need not change this file.
 *
 * The reader takes the text from the kernel's memory byte by byte, and keeps only what a structure
 * has a place for. So a request may be long, such as one with images, and the plugin needs no
 * memory for it. It is strict, as the protocol demands: each field once, no other fields, nothing
 * after the value. The first fault is kept, and all reading after it fails. */
#ifndef JSON_H
#define JSON_H

#include "kernel.h"

/* The longest text that is kept, in bytes, and how deep lists and objects may be nested in a value
 * that is not kept. What is longer or deeper is refused. */
#define TEXT_MAX 255
#define DEPTH_MAX 64

/* Values as they are kept. `known` is false for null, and for a field that is missing. */
struct text {
  bool known;
  uint32_t length;
  char bytes[TEXT_MAX];
};

struct whole {
  bool known;
  uint64_t value;
};

struct number {
  bool known;
  double value;
};

struct truth {
  bool known;
  bool value;
};

/* A list of at most `max` items; a longer one is refused. */
#define LIST_OF(item, max) \
  struct {                 \
    uint64_t count;        \
    item items[max];       \
  }

/* --- The reader --- */

struct reader {
  /* The text in the plugin's own memory, or NULL for the input of the call. */
  const char *text;
  uint64_t length;
  uint64_t at;
  /* Eight bytes of the input, and their number from 1 on; 0 if none are loaded yet. */
  uint64_t word;
  uint64_t word_number;
  /* What is wrong at `at`, and in which field; NULL if nothing is. */
  const char *fault;
  const char *field;
};

static bool refuse(struct reader *reader, const char *fault) {
  if (!reader->fault) reader->fault = fault;
  return false;
}

/* The next byte, or -1 at the end and after a fault. */
static int peek(struct reader *reader) {
  uint64_t at = reader->at;
  if (at >= reader->length || reader->fault) return -1;
  if (reader->text) return (uint8_t)reader->text[at];
  if (reader->word_number != at / 8 + 1) {
    uint64_t start = at - at % 8;
    reader->word_number = at / 8 + 1;
    reader->word = 0;
    if (start + 8 <= reader->length)
      reader->word = input_load_u64(start);
    else
      for (uint64_t index = start; index < reader->length; index++)
        reader->word |= (uint64_t)input_load_u8(index) << (8 * (index - start));
  }
  return (uint8_t)(reader->word >> (8 * (at % 8)));
}

/* Steps over a byte if it is the next one. */
static bool take(struct reader *reader, char byte) {
  if (peek(reader) != byte) return false;
  reader->at++;
  return true;
}

static void skip_space(struct reader *reader) {
  while (take(reader, ' ') || take(reader, '\n') || take(reader, '\r') || take(reader, '\t')) continue;
}

static bool take_word(struct reader *reader, const char *word) {
  for (; *word; word++)
    if (!take(reader, *word)) return refuse(reader, "expected a value");
  return true;
}

static bool keep(struct reader *reader, struct text *to, uint32_t byte) {
  if (!to) return true;
  if (to->length == TEXT_MAX) return refuse(reader, "longer than 255 bytes");
  to->bytes[to->length++] = (char)byte;
  return true;
}

/* The four digits after \u. */
static bool read_unit(struct reader *reader, uint32_t *unit) {
  *unit = 0;
  for (int count = 0; count < 4; count++) {
    int byte = peek(reader), lower = byte | 0x20;
    bool is_digit = byte >= '0' && byte <= '9';
    if (!is_digit && (lower < 'a' || lower > 'f')) return refuse(reader, "expected a hexadecimal digit");
    *unit = *unit * 16 + (uint32_t)(is_digit ? byte - '0' : lower - 'a' + 10);
    reader->at++;
  }
  return true;
}

/* An escape after its backslash, kept as UTF-8. */
static bool read_escape(struct reader *reader, struct text *to) {
  static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
  for (size_t index = 0; index < sizeof letters - 1; index++)
    if (take(reader, letters[index])) return keep(reader, to, (uint8_t)meanings[index]);
  uint32_t point, low;
  if (!take(reader, 'u')) return refuse(reader, "expected an escape");
  if (!read_unit(reader, &point)) return false;
  if (point >= 0xd800 && point < 0xe000) {
    bool is_pair = point < 0xdc00 && take(reader, '\\') && take(reader, 'u') && read_unit(reader, &low);
    if (!is_pair || low < 0xdc00 || low > 0xdfff) return refuse(reader, "expected both halves of a surrogate pair");
    point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
  }
  if (point < 0x80) return keep(reader, to, point);
  if (point < 0x800) return keep(reader, to, 0xc0 | point >> 6) && keep(reader, to, 0x80 | (point & 0x3f));
  bool is_long = point >= 0x10000;
  return (is_long ? keep(reader, to, 0xf0 | point >> 18) && keep(reader, to, 0x80 | (point >> 12 & 0x3f))
                  : keep(reader, to, 0xe0 | point >> 12)) &&
         keep(reader, to, 0x80 | (point >> 6 & 0x3f)) && keep(reader, to, 0x80 | (point & 0x3f));
}

/* Whether one of the eight bytes of a word is zero. */
static bool has_zero(uint64_t word) {
  return (word - 0x0101010101010101) & ~word & 0x8080808080808080;
}

/* Steps over bytes of a string that mean themselves, eight at a time: a body can be long. */
static void skip_plain_words(struct reader *reader) {
  if (reader->text) return;
  for (; reader->at % 8 == 0 && reader->at + 8 <= reader->length; reader->at += 8) {
    uint64_t word = input_load_u64(reader->at);
    bool has_quote = has_zero(word ^ 0x2222222222222222), has_escape = has_zero(word ^ 0x5c5c5c5c5c5c5c5c);
    bool has_control = has_zero(word & 0xe0e0e0e0e0e0e0e0);
    if (has_quote || has_escape || has_control) return;
  }
}

static bool read_string(struct reader *reader, struct text *to) {
  if (to) to->known = true, to->length = 0;
  if (!take(reader, '"')) return refuse(reader, "expected a string");
  while (true) {
    if (!to) skip_plain_words(reader);
    if (take(reader, '"')) return true;
    int byte = peek(reader);
    if (byte < ' ') return refuse(reader, "expected the end of a string, and no control character");
    reader->at++;
    if (!(byte == '\\' ? read_escape(reader, to) : keep(reader, to, (uint32_t)byte))) return false;
  }
}

static bool is_digit(int byte) { return byte >= '0' && byte <= '9'; }

/* A number does not begin with a zero that another digit follows. */
static bool read_zero(struct reader *reader) {
  if (!take(reader, '0')) return false;
  return !is_digit(peek(reader)) || refuse(reader, "expected no digit after a first zero");
}

/* A whole number from 0 to 2^64 - 1. */
static bool read_whole_number(struct reader *reader, struct whole *to) {
  const char *fault = "expected a whole number from 0 to 18446744073709551615";
  uint64_t value = 0;
  if (!is_digit(peek(reader))) return refuse(reader, fault);
  if (!read_zero(reader))
    for (; is_digit(peek(reader)); reader->at++) {
      uint64_t digit = (uint64_t)(peek(reader) - '0');
      if (value > (UINT64_MAX - digit) / 10) return refuse(reader, fault);
      value = value * 10 + digit;
    }
  int after = peek(reader);
  if (reader->fault) return false;
  if (after == '.' || after == 'e' || after == 'E') return refuse(reader, fault);
  if (to) *to = (struct whole){true, value};
  return true;
}

/* Any number. About 15 digits of it are kept. */
static bool read_any_number(struct reader *reader, struct number *to) {
  double value = 0;
  int exponent = 0, scale = 0;
  bool is_negative = take(reader, '-');
  if (!is_digit(peek(reader))) return refuse(reader, "expected a number");
  if (!read_zero(reader))
    for (; is_digit(peek(reader)); reader->at++) value = value * 10 + (peek(reader) - '0');
  if (take(reader, '.')) {
    if (!is_digit(peek(reader))) return refuse(reader, "expected a digit");
    for (; is_digit(peek(reader)); reader->at++) {
      if (scale == 300) continue; /* Too small to matter. */
      value = value * 10 + (peek(reader) - '0');
      scale++;
    }
  }
  if (take(reader, 'e') || take(reader, 'E')) {
    bool is_small = take(reader, '-');
    if (!is_small) take(reader, '+');
    if (!is_digit(peek(reader))) return refuse(reader, "expected a digit");
    for (; is_digit(peek(reader)); reader->at++)
      if (exponent < 1000) exponent = exponent * 10 + (peek(reader) - '0');
    if (is_small) exponent = -exponent;
  }
  if (reader->fault) return false;
  exponent -= scale;
  for (; exponent > 0 && value > 0 && value < 1e308; exponent--) value *= 10;
  for (; exponent < 0 && value > 0; exponent++) value /= 10;
  if (value > 1e308) return refuse(reader, "expected a number up to 10^308");
  if (to) *to = (struct number){true, is_negative ? -value : value};
  return true;
}

/* Reads a list: `item` reads each. */
static bool read_items(struct reader *reader, bool (*item)(struct reader *, void *), void *context) {
  if (!take(reader, '[')) return refuse(reader, "expected a list");
  skip_space(reader);
  if (take(reader, ']')) return true;
  do {
    skip_space(reader);
    if (!item(reader, context)) return false;
    skip_space(reader);
  } while (take(reader, ','));
  return take(reader, ']') || refuse(reader, "expected a comma or the end of the list");
}

/* Reads an object: `member` reads the value of each field. */
static bool read_members(struct reader *reader, bool (*member)(struct reader *, const struct text *, void *),
                         void *context) {
  struct text name;
  if (!take(reader, '{')) return refuse(reader, "expected an object");
  skip_space(reader);
  if (take(reader, '}')) return true;
  do {
    skip_space(reader);
    if (!read_string(reader, &name)) return false;
    skip_space(reader);
    if (!take(reader, ':')) return refuse(reader, "expected a colon");
    skip_space(reader);
    if (!member(reader, &name, context)) return false;
    skip_space(reader);
  } while (take(reader, ','));
  return take(reader, '}') || refuse(reader, "expected a comma or the end of the object");
}

/* Reads any value, and keeps nothing. The context is how deep it is. */
static bool skip_item(struct reader *reader, void *context);

static bool skip_member(struct reader *reader, const struct text *name, void *context) {
  (void)name;
  return skip_item(reader, context);
}

static bool skip_item(struct reader *reader, void *context) {
  int depth = *(int *)context + 1;
  if (depth > DEPTH_MAX) return refuse(reader, "more than 64 nested lists and objects");
  switch (peek(reader)) {
    case '{': return read_members(reader, skip_member, &depth);
    case '[': return read_items(reader, skip_item, &depth);
    case '"': return read_string(reader, NULL);
    case 't': return take_word(reader, "true");
    case 'f': return take_word(reader, "false");
    case 'n': return take_word(reader, "null");
    default: return read_any_number(reader, NULL);
  }
}

/* Only white space may follow. */
static bool read_end(struct reader *reader) {
  skip_space(reader);
  if (!reader->fault && reader->at == reader->length) return true;
  reader->field = NULL;
  return refuse(reader, "expected the end");
}

/* --- Types: which fields an object has, and where their values are kept --- */

struct field;

/* An object, as a structure. */
struct type {
  size_t size;
  const struct field *fields;
  size_t count; /* At most 32. */
};

/* Reads the value of a field. `to` is where it is kept, or NULL. */
typedef bool read_field(struct reader *reader, const struct field *field, void *to);

struct field {
  const char *name;
  read_field *read;
  /* Whether it may be null or missing. */
  bool is_optional;
  /* Its place in the structure, and the bytes of that: 0 if the value is only checked. */
  size_t offset;
  size_t size;
  /* Of an object or a list: the type of the object, or of each item; and the most items. */
  const struct type *type;
  size_t max;
};

/* For a table of fields: KEPT(struct, member), or nothing for a value that is only checked. */
#define KEPT(structure, member) .offset = offsetof(structure, member), .size = sizeof(((structure *)0)->member)
#define OPTIONAL .is_optional = true
#define TYPE(structure, table) {sizeof(structure), table, sizeof(table) / sizeof(table)[0]}
#define CHECKED_TYPE(table) {0, table, sizeof(table) / sizeof(table)[0]}

static inline bool text(struct reader *reader, const struct field *field, void *to) {
  return (void)field, read_string(reader, to);
}

static inline bool whole(struct reader *reader, const struct field *field, void *to) {
  return (void)field, read_whole_number(reader, to);
}

static inline bool number(struct reader *reader, const struct field *field, void *to) {
  return (void)field, read_any_number(reader, to);
}

static inline bool truth(struct reader *reader, const struct field *field, void *to) {
  (void)field;
  bool is_true = peek(reader) == 't';
  if (!is_true && peek(reader) != 'f') return refuse(reader, "expected true or false");
  if (to) *(struct truth *)to = (struct truth){true, is_true};
  return take_word(reader, is_true ? "true" : "false");
}

/* Any value; it is not kept. */
static inline bool anything(struct reader *reader, const struct field *field, void *to) {
  (void)field, (void)to;
  int depth = 0;
  return skip_item(reader, &depth);
}

struct object_in_progress {
  const struct type *type;
  char *to;
  uint32_t seen;
};

static bool is_named(const struct text *name, const char *expected) {
  size_t length = 0;
  while (expected[length] && length < name->length && expected[length] == name->bytes[length]) length++;
  return !expected[length] && length == name->length;
}

static bool read_member(struct reader *reader, const struct text *name, void *context) {
  struct object_in_progress *object = context;
  for (size_t index = 0; index < object->type->count; index++) {
    const struct field *field = &object->type->fields[index];
    if (!is_named(name, field->name)) continue;
    reader->field = field->name;
    if (object->seen & 1u << index) return refuse(reader, "given more than once");
    object->seen |= 1u << index;
    if (field->is_optional && peek(reader) == 'n') return take_word(reader, "null");
    return field->read(reader, field, object->to && field->size > 0 ? object->to + field->offset : NULL);
  }
  reader->field = NULL;
  return refuse(reader, "unknown field before this place");
}

/* Reads an object of a type into its structure, or only checks it if `to` is NULL. */
static bool read_object(struct reader *reader, const struct type *type, void *to) {
  struct object_in_progress object = {type, to, 0};
  /* Clears only `known` and `count`, which are first in each place: nobody reads the rest then. */
  for (size_t index = 0; to && index < type->count; index++) {
    const struct field *field = &type->fields[index];
    memset(object.to + field->offset, 0, field->size < 8 ? field->size : 8);
  }
  if (!read_members(reader, read_member, &object)) return false;
  for (size_t index = 0; index < type->count; index++) {
    if (type->fields[index].is_optional || object.seen & 1u << index) continue;
    reader->field = type->fields[index].name;
    return refuse(reader, "missing");
  }
  return true;
}

static inline bool object(struct reader *reader, const struct field *field, void *to) {
  return read_object(reader, field->type, to);
}

struct list_in_progress {
  const struct field *field;
  uint64_t *count;
};

static bool read_item(struct reader *reader, void *context) {
  struct list_in_progress *list = context;
  const struct type *type = list->field->type;
  if (!list->count) return read_object(reader, type, NULL);
  if (*list->count == list->field->max) return refuse(reader, "more items than there is room for");
  char *items = (char *)(list->count + 1);
  return read_object(reader, type, items + type->size * (*list->count)++);
}

/* A list of objects, kept in a LIST_OF. */
static inline bool list(struct reader *reader, const struct field *field, void *to) {
  struct list_in_progress list = {field, to};
  return read_items(reader, read_item, &list);
}

/* --- The writer --- */

struct writer {
  char *bytes;
  size_t length;
  size_t max;
  /* Whether something was left out because there was no room. */
  bool is_full;
};

static void write_bytes(struct writer *writer, const char *bytes, size_t length) {
  if (length > writer->max - writer->length) writer->is_full = true;
  if (writer->is_full) return;
  memcpy(writer->bytes + writer->length, bytes, length);
  writer->length += length;
}

/* Writes a text that is JSON already, or a part of it. */
static void write_json(struct writer *writer, const char *json) {
  size_t length = 0;
  while (json[length]) length++;
  write_bytes(writer, json, length);
}

/* Writes bytes as a part of a string, whose quotes are written with write_json. */
static void write_part(struct writer *writer, const char *bytes, size_t length) {
  static const char digits[] = "0123456789abcdef";
  for (size_t at = 0; at < length; at++) {
    uint8_t byte = (uint8_t)bytes[at];
    char control[] = {'\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15]};
    if (byte < ' ') write_bytes(writer, control, sizeof control);
    else if (byte == '"' || byte == '\\') write_bytes(writer, (char[]){'\\', (char)byte}, 2);
    else write_bytes(writer, bytes + at, 1);
  }
}

static inline void write_text(struct writer *writer, const struct text *text) {
  write_part(writer, text->bytes, text->length);
}

static inline void write_whole(struct writer *writer, uint64_t value) {
  char digits[20];
  size_t at = sizeof digits;
  do digits[--at] = (char)('0' + value % 10);
  while (value /= 10);
  write_bytes(writer, digits + at, sizeof digits - at);
}

#endif
