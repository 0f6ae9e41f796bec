import { type SerdeCases, same } from './case.ts';

/** Structs and enums of strings. */
export const structs: SerdeCases = {
  inner: [
    ['{"a":1}', '{"a":1,"b":null}'],
    ['{"a":1,"b":null,"c":null}', '{"a":1,"b":null}'],
    ['{"c":"x","a":1}', '{"a":1,"b":null,"c":"x"}'],
    ['{"a":1,"a":2}', null, '{"a":2,"b":null}'],
    ['{"a":1,"a":"x"}', null],
    ['{"a":"x","a":1}', null, '{"a":1,"b":null}'],
    ['{"a":1,"x":1}', null],
    ['{}', null],
    ['{"b":1}', null],
    ['[1,null,"x"]', '{"a":1,"b":null,"c":"x"}'],
    ['[1,null]', '{"a":1,"b":null}'],
    ['[1]', null],
    ['[]', null],
    ['[1,null,"x",2]', null],
    ['null', null],
    ['"a"', null],
    ['1', null],
  ],
  defaults: [
    ['{"a":1}', '{"a":1,"list":[],"text":""}'],
    ['{"a":1,"list":[2],"text":"q"}', same],
    ['{"a":1,"list":null}', null],
    ['{"a":1,"text":null}', null],
    ['{"a":1,"text":"q","text":"r"}', null, '{"a":1,"list":[],"text":"r"}'],
    ['[1]', '{"a":1,"list":[],"text":""}'],
    ['[1,[2]]', '{"a":1,"list":[2],"text":""}'],
    ['[1,[2],"x"]', '{"a":1,"list":[2],"text":"x"}'],
    ['[1,[2],"x",1]', null],
    ['[]', null],
  ],
  empty: [
    ['{}', same],
    ['[]', '{}'],
    ['[1]', null],
    ['{"a":1}', null],
    ['null', null],
  ],
  plain: [
    ['"success"', same],
    ['"Success"', null],
    ['{"success":null}', '"success"'],
    ['{"success":{}}', null],
    ['{"success":[]}', null],
    ['{"success":1}', null],
    ['{"success":null,"success":null}', null, '"success"'],
    ['{"success":1,"success":null}', null, '"success"'],
    ['{"success":null,"failure":null}', null],
    ['{"nope":null}', null],
    ['{}', null],
    ['["success"]', null],
    ['0', null],
    ['null', null],
  ],
  PluginIdentity: [
    [
      '{"magic":[204,27,112,16,0,1,0,0],"abi_envelope":1,"plugin_name":"n","plugin_version":"v"}',
      '{"abi_envelope":1,"magic":[204,27,112,16,0,1,0,0],"plugin_name":"n","plugin_version":"v"}',
    ],
    [
      '[[204,27,112,16,0,1,0,0],1,"n","v"]',
      '{"abi_envelope":1,"magic":[204,27,112,16,0,1,0,0],"plugin_name":"n","plugin_version":"v"}',
    ],
    ['[[204,27,112,16,0,1,0],1,"n","v"]', null],
    ['[[204,27,112,16,0,1,0,0,0],1,"n","v"]', null],
    ['[[204,27,112,16,0,1,0,0],1,"n"]', null],
    ['[[204,27,112,16,0,1,0,0],1,"n","v",null]', null],
    ['{"magic":[204,27,112,16,0,1,0,0],"abi_envelope":1,"plugin_name":"n","plugin_version":"v","extra":1}', null],
    ['{"magic":[204,27,112,16,0,1,0,0],"abi_envelope":4294967296,"plugin_name":"n","plugin_version":"v"}', null],
    [
      '{"magic":[204,27,112,16,0,1,0,0],"abi_envelope":1,"plugin_name":"n","plugin_name":"m","plugin_version":"v"}',
      null,
      '{"abi_envelope":1,"magic":[204,27,112,16,0,1,0,0],"plugin_name":"m","plugin_version":"v"}',
    ],
  ],
  HandshakeAccept: [
    [
      '{"handshake_schema_version":1,"envelope_version":1,"chosen_versions":{"sign":1,"sign":2},' +
        '"plugin_supported":{"sign":[1,2]},"implemented_functions":["sign","build_signer","sign"],' +
        '"required_capabilities":[]}',
      '{"chosen_versions":{"sign":2},"envelope_version":1,"handshake_schema_version":1,' +
        '"implemented_functions":["build_signer","sign"],"plugin_supported":{"sign":[1,2]},' +
        '"required_capabilities":[]}',
    ],
    [
      '[1,1,{},{},[],[]]',
      '{"chosen_versions":{},"envelope_version":1,"handshake_schema_version":1,"implemented_functions":[],' +
        '"plugin_supported":{},"required_capabilities":[]}',
    ],
    [
      '{"handshake_schema_version":1,"envelope_version":1,"chosen_versions":{},"plugin_supported":{},' +
        '"implemented_functions":[]}',
      null,
    ],
    [
      '{"handshake_schema_version":1,"envelope_version":1,"chosen_versions":{"a":"x","a":1},' +
        '"plugin_supported":{},"implemented_functions":[],"required_capabilities":[]}',
      null,
      '{"chosen_versions":{"a":1},"envelope_version":1,"handshake_schema_version":1,' +
        '"implemented_functions":[],"plugin_supported":{},"required_capabilities":[]}',
    ],
  ],
  HandshakeOffer: [
    [
      '{"handshake_schema_version":1,"envelope_version":1,"function_versions":{"sign":[1],"shape":[2,1]},' +
        '"host_capabilities":["b","a"]}',
      '{"envelope_version":1,"function_versions":{"shape":[2,1],"sign":[1]},"handshake_schema_version":1,' +
        '"host_capabilities":["a","b"]}',
    ],
  ],
  HandshakeOfferRaw: [
    [
      '{"handshake_schema_version":1,"envelope_version":1,"function_versions":[{"function":"sign",' +
        '"versions":[2,1]},["sign",[1]]],"host_capabilities":["b","a","b"]}',
      '{"envelope_version":1,"function_versions":[{"function":"sign","versions":[2,1]},{"function":"sign",' +
        '"versions":[1]}],"handshake_schema_version":1,"host_capabilities":["b","a","b"]}',
    ],
  ],
  SelfCheckResponse: [
    ['{"status":"success","failures":[],"completed_at":1}', '{"completed_at":1,"failures":[],"status":"success"}'],
    [
      '{"status":{"failure":null},"failures":[["wire_function_test","m"],' +
        '{"stage":{"response_validation":null},"message":""}],"completed_at":-1}',
      '{"completed_at":-1,"failures":[{"message":"m","stage":"wire_function_test"},{"message":"",' +
        '"stage":"response_validation"}],"status":"failure"}',
    ],
    ['["success",[],1]', '{"completed_at":1,"failures":[],"status":"success"}'],
    ['{"status":"success","failures":[{"stage":"nope","message":""}],"completed_at":1}', null],
    ['{"status":"success","failures":null,"completed_at":1}', null],
    [
      '{"status":"success","status":"failure","failures":[],"completed_at":1}',
      null,
      '{"completed_at":1,"failures":[],"status":"failure"}',
    ],
    ['{"status":"success","failures":[],"completed_at":9223372036854775808}', null],
  ],
  AugmentedMetadata: [
    [
      '{"identity":[[0,0,0,0,0,0,0,0],1,"n","v"],"negotiated_functions":{"sign":1},' +
        '"negotiated_capabilities":["b","a"],"handshake_completed_at":1,"self_check_passed":false,' +
        '"self_check_completed_at":1,"expires_at":2}',
      '{"expires_at":2,"handshake_completed_at":1,"identity":{"abi_envelope":1,"magic":[0,0,0,0,0,0,0,0],' +
        '"plugin_name":"n","plugin_version":"v"},"negotiated_capabilities":["a","b"],' +
        '"negotiated_functions":{"sign":1},"self_check_completed_at":1,"self_check_passed":false}',
    ],
  ],
  PluginRegistryRecord: [
    [
      '["id",[[[0,0,0,0,0,0,0,0],1,"n","v"],{},[],1,true,1,2],9]',
      '{"augmented_metadata":{"expires_at":2,"handshake_completed_at":1,"identity":{"abi_envelope":1,' +
        '"magic":[0,0,0,0,0,0,0,0],"plugin_name":"n","plugin_version":"v"},"negotiated_capabilities":[],' +
        '"negotiated_functions":{},"self_check_completed_at":1,"self_check_passed":true},"plugin_id":"id",' +
        '"registered_at":9}',
    ],
  ],
  SignResponse: [
    ['{}', '{"body_base64":null,"headers":null,"method":null,"url":null}'],
    [
      '{"headers":[["n","v"]]}',
      '{"body_base64":null,"headers":[{"name":"n","value_base64":"v"}],"method":null,"url":null}',
    ],
    ['[null,null,null,null]', '{"body_base64":null,"headers":null,"method":null,"url":null}'],
    ['[null,null,null]', null],
    ['{"url":null,"url":"u"}', null, '{"body_base64":null,"headers":null,"method":null,"url":"u"}'],
  ],
  BuildSignerResponse: [
    ['{}', null],
    ['{"signer_state":null}', same],
    ['[{"b":1,"a":18446744073709551615}]', '{"signer_state":{"a":18446744073709551615,"b":1}}'],
    ['{"signer_state":1,"signer_state":2}', null, '{"signer_state":2}'],
    ['{"signer_state":{"a":1,"a":2}}', '{"signer_state":{"a":2}}'],
  ],
  Principal: [
    [
      '{"id":"i","kind":"k","claims":{"__proto__":1,"a":-0}}',
      '{"claims":{"__proto__":1,"a":-0.0},"id":"i","kind":"k"}',
    ],
    ['{"id":"i","kind":"k","claims":[]}', null],
    ['{"id":"i","kind":"k","claims":null}', null],
  ],
  UpstreamErrorWire: [
    ['{"status":401,"category":"unauthorized"}', '{"body_base64":null,"category":"unauthorized","status":401}'],
    [
      '{"status":401,"body_base64":null,"category":{"failed":null}}',
      '{"body_base64":null,"category":"failed","status":401}',
    ],
    ['[401,null,"retryable"]', '{"body_base64":null,"category":"retryable","status":401}'],
    ['[401,"retryable"]', null],
    ['{"status":65536,"category":"failed"}', null],
  ],
  CandidateWireV2: [
    [
      '["u","n","k",[],[],0]',
      '{"kind":"k","name":"n","observed_at_unix_secs":0,"observed_rate_limits":[],' +
        '"subscription_quotas":[],"upstream_id":"u"}',
    ],
    [
      '["u","n","k",[],[],0,null]',
      '{"kind":"k","name":"n","observed_at_unix_secs":0,"observed_rate_limits":[],' +
        '"subscription_quotas":[],"upstream_id":"u"}',
    ],
    ['["u","n","k",[],[]]', null],
    [
      '["u","n","k",[["requests","1m",null,1,null]],[["5h","s","d",0.5,null,null,true,null,null,null,' +
        '18446744073709551615]],0,[1,2,3,4,null,null,0.85,null]]',
      '{"cache_score":{"confidence":0.8500000238418579,"predicted_cache_creation_tokens_1h":3,' +
        '"predicted_cache_creation_tokens_5m":2,"predicted_cache_read_tokens":1,' +
        '"predicted_uncached_input_tokens":4},"kind":"k","name":"n","observed_at_unix_secs":0,' +
        '"observed_rate_limits":[{"kind":"requests","limit":null,"remaining":1,"reset":null,"window":"1m"}],' +
        '"subscription_quotas":[{"age_secs":18446744073709551615,"data_state":"d","disabled_reason":null,' +
        '"observed_at_unix_millis":null,"representative_claim":null,"resets_at_unix_secs":null,"source":"s",' +
        '"status":null,"surpassed_threshold":true,"utilization":0.5,"window":"5h"}],"upstream_id":"u"}',
    ],
    [
      '["u","n","k",[],[],0,[1,2,3,4,null,null,0.85]]',
      '{"cache_score":{"confidence":0.8500000238418579,"predicted_cache_creation_tokens_1h":3,' +
        '"predicted_cache_creation_tokens_5m":2,"predicted_cache_read_tokens":1,' +
        '"predicted_uncached_input_tokens":4},"kind":"k","name":"n","observed_at_unix_secs":0,' +
        '"observed_rate_limits":[],"subscription_quotas":[],"upstream_id":"u"}',
    ],
    ['["u","n","k",[],[],0,[1,2,3,4,null,null]]', null],
    ['["u","n","k",[],[],0,[1,2,3,4,5]]', null],
  ],
  CacheBreakpointWire: [
    [
      '{"block_index":0,"source":"tools","path":"p","prefix_hash":"h","prefix_token_count":1,' +
        '"requested_ttl":"ephemeral5m","origin":{"auto_cache_inferred":null}}',
      '{"block_index":0,"origin":"auto_cache_inferred","path":"p","prefix_hash":"h",' +
        '"prefix_token_count":1,"requested_ttl":"ephemeral5m","source":"tools"}',
    ],
    [
      '[0,"system","p",7,"h",1,"ephemeral1h","explicit"]',
      '{"block_index":0,"message_index":7,"origin":"explicit","path":"p","prefix_hash":"h",' +
        '"prefix_token_count":1,"requested_ttl":"ephemeral1h","source":"system"}',
    ],
    ['[0,"system","p","h",1,"ephemeral1h","explicit"]', null],
  ],
  WarmCacheEntryWire: [
    [
      '["h",1,"ephemeral5m",2]',
      '{"expires_at_unix_secs":1,"last_observed_at_unix_secs":2,"prefix_hash":"h","ttl_class":"ephemeral5m"}',
    ],
    ['{"prefix_hash":"h","expires_at_unix_secs":1,"ttl_class":"ephemeral_5m","last_observed_at_unix_secs":2}', null],
  ],
  FilterResponse: [
    [
      '{"results":[{"upstream_id":"u","decision":"accept","reason":""},["v","reject","r"]]}',
      '{"results":[{"decision":"accept","reason":"","upstream_id":"u"},{"decision":"reject","reason":"r",' +
        '"upstream_id":"v"}]}',
    ],
    ['{"results":null}', null],
    ['{}', null],
    ['[[]]', '{"results":[]}'],
  ],
  ObserveResponse: [
    ['{}', same],
    ['[]', '{}'],
    ['{"a":1}', null],
    ['null', null],
  ],
};
