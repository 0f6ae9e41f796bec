/* What the protocol demands of every router: identity, handshake, self-check, and the answers to
 * calls. You need not change this file: router.c has what the plugin does. */
#ifndef PROTOCOL_H
#define PROTOCOL_H

#include "json.h"

/* Writes the section from which hosts read name and version of the plugin. Only inline assembly
 * makes a custom section: with the attribute `section`, C makes data in the plugin's memory. */
#ifdef __wasm__
#define IDENTITY(name, version)                                                      \
  __asm__(".section .custom_section.cc_lb.plugin.v1,\"\",@\n"                        \
          ".ascii \"{\\\"magic\\\":[204,27,112,16,0,1,0,0],\\\"abi_envelope\\\":1,\"\n" \
          ".ascii \"\\\"plugin_name\\\":\\\"" name "\\\",\"\n"                       \
          ".ascii \"\\\"plugin_version\\\":\\\"" version "\\\"}\"\n"                 \
          ".text\n")
#else
#define IDENTITY(name, version) _Static_assert(sizeof name <= 65 && sizeof version <= 33, "too long")
#endif

/* Answers a request. Returns false if the request is malformed, or the answer has no room. */
typedef bool answer_function(struct reader *request, struct writer *answer);

/* In router.c. */
static answer_function answer_filter;

/* The version of `filter` that this plugin has, on the wire. */
#define FILTER_VERSION 1

/* The self-check reads this sample of a request. */
static const char filter_sample[] =
    "{\"_v\":1,\"body_base64\":\"\",\"candidates\":[],\"headers\":[],\"method\":\"POST\","
    "\"path\":\"/v1/messages\",\"principal\":{\"claims\":{},\"id\":\"dry-run-principal\",\"kind\":\"api_key\"},"
    "\"query\":null,\"request_id\":\"dry-run-request\"}";

/* --- Handshake --- */

struct offer {
  struct whole handshake_schema_version;
  struct whole envelope_version;
  struct truth has_filter;
};

static bool find_version(struct reader *reader, void *context) {
  struct truth *is_found = context;
  struct whole version;
  if (!read_whole_number(reader, &version)) return false;
  if (version.value == FILTER_VERSION) is_found->value = true;
  return true;
}

static bool find_filter(struct reader *reader, const struct text *name, void *context) {
  struct truth ignored;
  return read_items(reader, find_version, is_named(name, "filter") ? context : &ignored);
}

static bool versions(struct reader *reader, const struct field *field, void *to) {
  (void)field;
  return read_members(reader, find_filter, to);
}

static const struct field offer_fields[] = {
    {"handshake_schema_version", whole, KEPT(struct offer, handshake_schema_version)},
    {"envelope_version", whole, KEPT(struct offer, envelope_version)},
    {"function_versions", versions, KEPT(struct offer, has_filter)},
    {"host_capabilities", anything},
};
static const struct type offer_type = TYPE(struct offer, offer_fields);

static bool answer_handshake(struct reader *request, struct writer *answer) {
  static struct offer offer;
  if (!read_object(request, &offer_type, &offer) || !read_end(request)) return false;
  request->field = "handshake_schema_version";
  if (offer.handshake_schema_version.value != 1) return refuse(request, "expected version 1 in the offer");
  request->field = "function_versions";
  if (!offer.has_filter.value) return refuse(request, "expected version 1 of filter in the offer");
  write_json(answer,
             "{\"handshake_schema_version\":1,\"envelope_version\":1,\"chosen_versions\":{\"filter\":1},"
             "\"plugin_supported\":{\"filter\":[1]},\"implemented_functions\":[\"filter\"],"
             "\"required_capabilities\":[]}");
  return true;
}

/* --- Self-check --- */

struct self_check {
  struct truth names_filter;
  struct whole initiated_at;
};

static bool find_function(struct reader *reader, void *context) {
  struct truth *is_found = context;
  struct text name;
  if (!read_string(reader, &name)) return false;
  if (is_named(&name, "filter")) is_found->value = true;
  return true;
}

static bool functions(struct reader *reader, const struct field *field, void *to) {
  (void)field;
  return read_items(reader, find_function, to);
}

static const struct field self_check_fields[] = {
    {"functions_to_test", functions, KEPT(struct self_check, names_filter)},
    {"initiated_at", whole, KEPT(struct self_check, initiated_at)},
};
static const struct type self_check_type = TYPE(struct self_check, self_check_fields);

/* Tests `filter` if the host names it. A plugin has no clock: the check ends when it began. */
static bool answer_self_check(struct reader *request, struct writer *answer) {
  static struct self_check check;
  static char scratch[sizeof filter_sample];
  if (!read_object(request, &self_check_type, &check) || !read_end(request)) return false;
  struct reader sample = {.text = filter_sample, .length = sizeof filter_sample - 1};
  struct writer ignored = {.bytes = scratch, .max = sizeof scratch};
  bool has_passed = !check.names_filter.value || answer_filter(&sample, &ignored);
  write_json(answer, has_passed ? "{\"status\":\"success\",\"failures\":["
                                : "{\"status\":\"failure\",\"failures\":[{\"stage\":\"wire_function_test\","
                                  "\"message\":\"filter refuses its sample\"}");
  write_json(answer, "],\"completed_at\":");
  write_whole(answer, check.initiated_at.value);
  write_json(answer, "}");
  return true;
}

/* --- A call --- */

/* Writes why a request is refused, without any text of it, which may be secret. */
static inline void explain(struct writer *error, const struct reader *request) {
  write_json(error, "the request is malformed at byte ");
  write_whole(error, request->at);
  if (request->field) write_json(error, ", field "), write_json(error, request->field);
  write_json(error, ": ");
  write_json(error, request->fault);
}

#ifdef __wasm__

#define EXPORT(name) __attribute__((export_name(#name)))

/* The longest answer, in bytes. */
#define ANSWER_MAX 131072

/* Serves one call: 0 if it is answered, 1 if an error says why not. */
static int32_t call(answer_function *answer) {
  static char buffer[ANSWER_MAX];
  struct reader request = {.length = input_length()};
  struct writer output = {.bytes = buffer, .max = sizeof buffer};
  bool is_answered = answer(&request, &output) && !output.is_full;
  if (is_answered) {
    output_set(store(buffer, output.length), output.length);
    return 0;
  }
  bool is_full = output.is_full;
  output = (struct writer){.bytes = buffer, .max = sizeof buffer};
  if (is_full) write_json(&output, "the answer has more bytes than ANSWER_MAX in protocol.h");
  else explain(&output, &request);
  error_set(store(buffer, output.length));
  return 1;
}

EXPORT(cc_lb_handshake) int32_t handshake(void) { return call(answer_handshake); }
EXPORT(cc_lb_self_check) int32_t self_check(void) { return call(answer_self_check); }
EXPORT(filter) int32_t filter(void) { return call(answer_filter); }

#endif
#endif
