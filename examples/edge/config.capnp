# The worker in workerd. A platform has a form of its own for the same: modules, bindings, a date.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "upstream", worker = .upstream),
  ],
  sockets = [(name = "http", address = "127.0.0.1:8787", http = (), service = "main")],
);

const worker :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "dist/worker.js"),
    (name = "router.wasm", wasm = embed "dist/router.wasm"),
    (name = "dialect.wasm", wasm = embed "dist/dialect.wasm"),
  ],
  compatibilityDate = "2026-11-01",
  bindings = [
    (name = "UPSTREAMS", json = embed "upstreams.json"),
    (name = "CLIENTS", json = "{\"key-of-ada\": \"ada\", \"key-of-bob\": \"bob\", \"key-of-eve\": \"eve\"}"),
    (name = "BODY_MAX_BYTES", json = "1000000"),
    (name = "PLUGIN_FUEL", json = "200000000"),
    (name = "STORAGE_QUOTA_BYTES", json = "100000"),
  ],
  # What the worker fetches. Without this line it is the internet.
  globalOutbound = "upstream",
);

const upstream :Workerd.Worker = (
  modules = [(name = "upstream.js", esModule = embed "dist/fake-upstream.js")],
  compatibilityDate = "2026-11-01",
);
