/* A router: says of each candidate whether the request may go to it.
 *
 * This one rejects a candidate that has used up one of its rate limits. */
#include "protocol.h"

IDENTITY("my-plugin", "0.1.0");

/* --- What the plugin knows of a request --- */

/* The tables below have every field of the types of the protocol: a request with others is refused.
 * To use a value that is not kept yet, add a member to the structure, and KEPT to its row. */

struct rate_limit {
  struct text kind;
  struct text window;
  struct whole remaining;
};

static const struct field rate_limit_fields[] = {
    {"kind", text, KEPT(struct rate_limit, kind)},
    {"window", text, KEPT(struct rate_limit, window)},
    {"limit", whole, OPTIONAL},
    {"remaining", whole, OPTIONAL, KEPT(struct rate_limit, remaining)},
    {"reset", text, OPTIONAL},
};
static const struct type rate_limit_type = TYPE(struct rate_limit, rate_limit_fields);

struct quota {
  struct text window;
  struct number utilization;
};

static const struct field quota_fields[] = {
    {"window", text, KEPT(struct quota, window)},
    {"source", text},
    {"data_state", text},
    {"utilization", number, OPTIONAL, KEPT(struct quota, utilization)},
    {"status", text, OPTIONAL},
    {"resets_at_unix_secs", whole, OPTIONAL},
    {"surpassed_threshold", truth, OPTIONAL},
    {"representative_claim", text, OPTIONAL},
    {"disabled_reason", text, OPTIONAL},
    {"observed_at_unix_millis", whole, OPTIONAL},
    {"age_secs", whole, OPTIONAL},
};
static const struct type quota_type = TYPE(struct quota, quota_fields);

static const struct field cache_score_fields[] = {
    {"predicted_cache_read_tokens", whole},
    {"predicted_cache_creation_tokens_5m", whole},
    {"predicted_cache_creation_tokens_1h", whole},
    {"predicted_uncached_input_tokens", whole},
    {"predicted_expires_at_unix_secs", whole, OPTIONAL},
    {"matched_breakpoint_index", whole, OPTIONAL},
    {"confidence", number},
    {"ambiguity_reason", text, OPTIONAL},
};
static const struct type cache_score_type = CHECKED_TYPE(cache_score_fields);

struct candidate {
  struct text upstream_id;
  struct text name;
  struct text kind;
  LIST_OF(struct rate_limit, 16) rate_limits;
  LIST_OF(struct quota, 16) quotas;
};

static const struct field candidate_fields[] = {
    {"upstream_id", text, KEPT(struct candidate, upstream_id)},
    {"name", text, KEPT(struct candidate, name)},
    {"kind", text, KEPT(struct candidate, kind)},
    {"observed_rate_limits", list, KEPT(struct candidate, rate_limits), .type = &rate_limit_type, .max = 16},
    {"subscription_quotas", list, KEPT(struct candidate, quotas), .type = &quota_type, .max = 16},
    {"observed_at_unix_secs", whole},
    {"cache_score", object, OPTIONAL, .type = &cache_score_type},
};
static const struct type candidate_type = TYPE(struct candidate, candidate_fields);

struct principal {
  struct text id;
  struct text kind;
};

static const struct field principal_fields[] = {
    {"id", text, KEPT(struct principal, id)},
    {"kind", text, KEPT(struct principal, kind)},
    {"claims", anything},
};
static const struct type principal_type = TYPE(struct principal, principal_fields);

static const struct field header_fields[] = {{"name", text}, {"value_base64", text}};
static const struct type header_type = CHECKED_TYPE(header_fields);

struct request {
  struct whole version;
  struct text method;
  struct text path;
  struct principal principal;
  /* Where the list of candidates begins: they are read one by one, when all else is known. */
  uint64_t candidates_at;
};

static read_field candidates;

static const struct field request_fields[] = {
    {"_v", whole, KEPT(struct request, version)},
    {"request_id", text},
    {"headers", list, .type = &header_type},
    {"method", text, KEPT(struct request, method)},
    {"path", text, KEPT(struct request, path)},
    {"query", text, OPTIONAL},
    {"body_base64", text},
    {"principal", object, KEPT(struct request, principal), .type = &principal_type},
    {"candidates", candidates, KEPT(struct request, candidates_at)},
};
static const struct type request_type = TYPE(struct request, request_fields);

/* --- What the plugin does --- */

/* Writes exactly one result: the decision is `accept` or `reject`, and the reason is for people. It
 * may be empty. */
static void decide(const struct request *request, const struct candidate *candidate, struct writer *answer) {
  (void)request; /* A decision may depend on the path, or on who asks. */
  const struct rate_limit *used_up = NULL;
  for (uint64_t index = 0; index < candidate->rate_limits.count; index++) {
    const struct rate_limit *limit = &candidate->rate_limits.items[index];
    if (limit->remaining.known && limit->remaining.value == 0 && !used_up) used_up = limit;
  }
  write_json(answer, "{\"upstream_id\":\"");
  write_text(answer, &candidate->upstream_id);
  write_json(answer, used_up ? "\",\"decision\":\"reject\",\"reason\":\"" : "\",\"decision\":\"accept\",\"reason\":\"");
  if (used_up) {
    write_json(answer, "no ");
    write_text(answer, &used_up->kind);
    write_json(answer, " left in ");
    write_text(answer, &used_up->window);
  }
  write_json(answer, "\"}");
}

/* --- One request --- */

/* What `each_candidate` does: with an answer it decides, and without one it only checks. */
struct turn {
  const struct request *request;
  struct writer *answer;
  bool has_begun;
};

static bool each_candidate(struct reader *reader, void *context) {
  static struct candidate candidate;
  struct turn *turn = context;
  if (!read_object(reader, &candidate_type, &candidate)) return false;
  if (!turn->answer) return true;
  if (turn->has_begun) write_json(turn->answer, ",");
  turn->has_begun = true;
  decide(turn->request, &candidate, turn->answer);
  return true;
}

static bool candidates(struct reader *reader, const struct field *field, void *to) {
  (void)field;
  if (to) *(uint64_t *)to = reader->at;
  return read_items(reader, each_candidate, &(struct turn){0});
}

static bool answer_filter(struct reader *reader, struct writer *answer) {
  static struct request request;
  if (!read_object(reader, &request_type, &request) || !read_end(reader)) return false;
  reader->field = "_v";
  if (request.version.value != FILTER_VERSION) return refuse(reader, "expected the version that the handshake chose");
  write_json(answer, "{\"_v\":1,\"results\":[");
  reader->at = request.candidates_at;
  struct turn turn = {&request, answer, false};
  if (!read_items(reader, each_candidate, &turn)) return false;
  write_json(answer, "]}");
  return true;
}
