//! What the host counts and logs while something runs.

use std::sync::{Arc, Mutex};

use metrics::{
    Counter, CounterFn, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit, with_local_recorder,
};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::with_default;
use tracing::{Event, Level, Subscriber};

/// What was seen.
#[derive(Clone, Default)]
pub struct Seen {
    counters: Arc<Mutex<Vec<(Key, u64)>>>,
    logs: Arc<Mutex<Vec<(String, String)>>>,
}

impl Seen {
    /// The stage at which a dispatch failed.
    pub fn stage(&self) -> Option<String> {
        let counters = self.counters.lock().ok()?;
        let labels = counters.iter().find(|(key, _)| key.name() == "cc_lb_plugin_dispatch_errors_total")?.0.labels();
        labels.into_iter().find(|label| label.key() == "stage").map(|label| label.value().to_owned())
    }

    /// Counters that were raised: the name, and by how much.
    pub fn counters(&self) -> Vec<(String, u64)> {
        let counters = self.counters.lock().map(|counters| counters.clone()).unwrap_or_default();
        counters.into_iter().map(|(key, value)| (key.name().to_owned(), value)).collect()
    }

    /// Lines that were logged: the level, and the message.
    pub fn logs(&self) -> Vec<(String, String)> {
        self.logs.lock().map(|logs| logs.clone()).unwrap_or_default()
    }
}

/// Runs something, and tells what the host counted and logged on this thread.
pub fn recording<T>(run: impl FnOnce() -> T) -> (T, Seen) {
    let seen = Seen::default();
    let result = with_default(Lines(seen.clone()), || with_local_recorder(&Counters(seen.clone()), run));
    (result, seen)
}

struct Counters(Seen);

struct Raised(Seen, Key);

impl CounterFn for Raised {
    fn increment(&self, value: u64) {
        if let Ok(mut counters) = self.0.counters.lock() {
            counters.push((self.1.clone(), value));
        }
    }

    fn absolute(&self, _value: u64) {}
}

impl Recorder for Counters {
    fn describe_counter(&self, _key: KeyName, _unit: Option<Unit>, _description: SharedString) {}
    fn describe_gauge(&self, _key: KeyName, _unit: Option<Unit>, _description: SharedString) {}
    fn describe_histogram(&self, _key: KeyName, _unit: Option<Unit>, _description: SharedString) {}

    fn register_counter(&self, key: &Key, _metadata: &Metadata<'_>) -> Counter {
        Counter::from_arc(Arc::new(Raised(self.0.clone(), key.clone())))
    }

    fn register_gauge(&self, _key: &Key, _metadata: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, _key: &Key, _metadata: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}

struct Lines(Seen);

#[derive(Default)]
struct Message(String);

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "message" {
            self.0 = format!("{value:?}");
        }
    }
}

impl Subscriber for Lines {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        // What a plugin logs by the kernel, and what host functions do; not what Extism says of calls that failed.
        let target = metadata.target();
        target.starts_with("cc_lb") || (target == "extism::pdk" && *metadata.level() <= Level::WARN)
    }

    fn new_span(&self, _span: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _span: &Id, _values: &Record<'_>) {}
    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut message = Message::default();
        event.record(&mut message);
        if message.0.starts_with("unable to log message") {
            message.0 = "unable to log message".to_owned();
        }
        if let Ok(mut logs) = self.0.logs.lock() {
            logs.push((event.metadata().level().to_string(), message.0));
        }
    }

    fn enter(&self, _span: &Id) {}
    fn exit(&self, _span: &Id) {}
}
