/* Tests of the plugin, on this machine: sh test.sh. They call what is behind the exports. */
#include <stdio.h>
#include <stdlib.h>

#include "../src/router.c"

static int failed;

/* Answers a request, or returns why it is refused. */
static const char *answered(answer_function *answer, const char *request, size_t length) {
  static char bytes[65536];
  struct reader reader = {.text = request, .length = length};
  struct writer writer = {.bytes = bytes, .max = sizeof bytes - 1};
  bool is_answered = answer(&reader, &writer) && !writer.is_full;
  if (!is_answered) writer.length = 0, explain(&writer, &reader);
  bytes[writer.length] = 0;
  return bytes;
}

static void expect(answer_function *answer, const char *request, const char *expected) {
  const char *found = answered(answer, request, strlen(request));
  if (strcmp(found, expected) == 0) return;
  failed++;
  printf("FAILED: %s\n  expected: %s\n  found:    %s\n", request, expected, found);
}

#define LIMIT(remaining)                                                                                             \
  "{\"kind\":\"requests\",\"window\":\"5h\",\"limit\":9,\"remaining\":" remaining ",\"reset\":null}"
#define CANDIDATE(id, limits)                                                                                        \
  "{\"upstream_id\":\"" id "\",\"name\":\"n\",\"kind\":\"k\",\"observed_rate_limits\":[" limits "],"                 \
  "\"subscription_quotas\":[],\"observed_at_unix_secs\":0}"
#define REQUEST(version, candidates)                                                                                 \
  "{\"_v\":" version ",\"body_base64\":\"\",\"candidates\":[" candidates "],\"headers\":[],\"method\":\"POST\","     \
  "\"path\":\"/\",\"principal\":{\"claims\":{},\"id\":\"i\",\"kind\":\"api_key\"},\"query\":null,\"request_id\":\"r\"}"
#define RESULTS(results) "{\"_v\":1,\"results\":[" results "]}"
#define RESULT(id, decision, reason) \
  "{\"upstream_id\":\"" id "\",\"decision\":\"" decision "\",\"reason\":\"" reason "\"}"

static void decides_by_rate_limits(void) {
  expect(answer_filter, REQUEST("1", ""), RESULTS(""));
  expect(answer_filter,
         REQUEST("1", CANDIDATE("a", LIMIT("0")) "," CANDIDATE("b", LIMIT("1")) "," CANDIDATE("c", LIMIT("null"))),
         RESULTS(RESULT("a", "reject", "no requests left in 5h") "," RESULT("b", "accept", "") ","
                     RESULT("c", "accept", "")));
  expect(answer_filter, REQUEST("1", CANDIDATE("a", LIMIT("1") "," LIMIT("0"))),
         RESULTS(RESULT("a", "reject", "no requests left in 5h")));
}

static void copies_ids_of_any_text(void) {
  expect(answer_filter, REQUEST("1", CANDIDATE("\\u00e9\\ud83d\\ude42\\n\\\"\\/", "")),
         RESULTS(RESULT("\xc3\xa9\xf0\x9f\x99\x82\\u000a\\\"/", "accept", "")));
}

static void refuses_what_is_not_a_request(void) {
  expect(answer_filter, "", "the request is malformed at byte 0: expected an object");
  expect(answer_filter, "[]", "the request is malformed at byte 0: expected an object");
  expect(answer_filter, "{\"_v\":1}", "the request is malformed at byte 8, field request_id: missing");
  expect(answer_filter, "{\"_v\":1,\"_v\":1}", "the request is malformed at byte 13, field _v: given more than once");
  expect(answer_filter, "{\"x\":1}",
         "the request is malformed at byte 5: unknown field before this place");
  expect(answer_filter, REQUEST("1", "") "x", "the request is malformed at byte 163: expected the end");
  expect(answer_filter, REQUEST("2", ""),
         "the request is malformed at byte 163, field _v: expected the version that the handshake chose");
}

/* Every part of a request, and every text with one byte changed, is refused or answered. Nothing is
 * read or written outside of its place: the sanitizer of this build would end the test. */
static void survives_broken_requests(void) {
  static const char whole_request[] =
      REQUEST("1", CANDIDATE("\\ud83d\\ude42", LIMIT("18446744073709551615") "," LIMIT("0")));
  size_t length = sizeof whole_request - 1;
  for (size_t part = 0; part < length; part++) {
    char *copy = malloc(length);
    memcpy(copy, whole_request, length);
    if (strncmp(answered(answer_filter, copy, part), "the request is malformed", 24) != 0) failed++;
    for (const char *byte = "\"\\{}[]:,-0.eu\x01 n"; *byte; byte++) {
      copy[part] = *byte;
      answered(answer_filter, copy, length);
    }
    free(copy);
  }
}

#define OFFER(versions) \
  "{\"handshake_schema_version\":1,\"envelope_version\":1,\"function_versions\":{" versions "},"   \
  "\"host_capabilities\":[]}"

static void agrees_on_version_1(void) {
  const char *accept =
      "{\"handshake_schema_version\":1,\"envelope_version\":1,\"chosen_versions\":{\"filter\":1},"
      "\"plugin_supported\":{\"filter\":[1]},\"implemented_functions\":[\"filter\"],\"required_capabilities\":[]}";
  expect(answer_handshake, OFFER("\"filter\":[2,1],\"observe\":[1]"), accept);
  expect(answer_handshake, OFFER("\"filter\":[2],\"observe\":[1]"),
         "the request is malformed at byte 123, field function_versions: expected version 1 of filter in the offer");
}

static void checks_itself(void) {
  expect(answer_self_check, "{\"functions_to_test\":[\"observe\",\"filter\"],\"initiated_at\":1700000000}",
         "{\"status\":\"success\",\"failures\":[],\"completed_at\":1700000000}");
}

int main(void) {
  decides_by_rate_limits();
  copies_ids_of_any_text();
  refuses_what_is_not_a_request();
  survives_broken_requests();
  agrees_on_version_1();
  checks_itself();
  puts(failed ? "FAILED" : "all tests passed");
  return failed > 0;
}
