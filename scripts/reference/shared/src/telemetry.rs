//! What the host counts and logs while something runs.

use std::sync::{Arc, Mutex, PoisonError};

use metrics::{
    Counter, CounterFn, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit, with_local_recorder,
};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::with_default;
use tracing::{Event, Subscriber};

/// The target of what a plugin logs by the kernel.
const KERNEL: &str = "extism::pdk";
/// The target of what Extism says of calls.
const CALLS: &str = "extism::plugin";
/// The target of failed dispatches.
const DISPATCH: &str = "cc_lb_plugin.dispatch";
const CLAIM: &str = " returned with error message: ";

/// A line that was logged.
#[derive(Clone)]
struct Line {
    target: &'static str,
    level: String,
    message: String,
    /// The field `error`, as `Debug` prints it.
    error: Option<String>,
}

/// What was seen.
#[derive(Clone, Default)]
pub struct Seen {
    counters: Arc<Mutex<Vec<(Key, u64)>>>,
    lines: Arc<Mutex<Vec<Line>>>,
}

impl Seen {
    /// The stage at which a dispatch failed.
    pub fn stage(&self) -> Option<String> {
        let counters = self.counted(|key| key.name() == "cc_lb_plugin_dispatch_errors_total");
        let mut labels = counters.first()?.0.labels();
        labels.find(|label| label.key() == "stage").map(|label| label.value().to_owned())
    }

    /// The failure of a dispatch, as `Debug` prints it.
    pub fn dispatch_error(&self) -> Option<String> {
        self.lines().into_iter().find(|line| line.target == DISPATCH)?.error
    }

    /// The text that the plugin had set as its error when a call ended.
    pub fn claim(&self) -> Option<String> {
        let calls = self.lines().into_iter().filter(|line| line.target == CALLS);
        calls.into_iter().find_map(|line| Some(line.message.split_once(CLAIM)?.1.to_owned()))
    }

    /// Counters that were raised: the name, and by how much.
    pub fn counters(&self) -> Vec<(String, u64)> {
        named(self.counted(|_| true))
    }

    /// Of these, the ones that the plugin raised.
    pub fn counters_of_plugin(&self) -> Vec<(String, u64)> {
        named(self.counted(|key| key.labels().any(|label| label.key() == "plugin")))
    }

    /// Lines that were logged: the level, and the message.
    pub fn logs(&self) -> Vec<(String, String)> {
        let lines = self.lines().into_iter().filter(|line| line.target != CALLS);
        lines.map(|line| (line.level, line.message)).collect()
    }

    /// Of these, the ones of the plugin, with levels in lower case.
    pub fn logs_of_plugin(&self) -> Vec<(String, String)> {
        let lines = self.lines().into_iter().filter(|line| line.target != CALLS && line.target != DISPATCH);
        lines.map(|line| (line.level.to_lowercase(), line.message)).collect()
    }

    fn lines(&self) -> Vec<Line> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn counted(&self, which: impl Fn(&Key) -> bool) -> Vec<(Key, u64)> {
        let counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        counters.iter().filter(|(key, _)| which(key)).cloned().collect()
    }
}

fn named(counters: Vec<(Key, u64)>) -> Vec<(String, u64)> {
    counters.into_iter().map(|(key, value)| (key.name().to_owned(), value)).collect()
}

/// Which lines are seen.
#[derive(Clone, Copy)]
pub struct Levels {
    /// The lowest level of the host as a whole. The kernel tells a plugin this one.
    pub host: LevelFilter,
    /// The lowest level of what a plugin logs by the kernel.
    pub kernel: LevelFilter,
}

/// Runs something, and tells what the host counted and logged on this thread.
pub fn recording<T>(levels: Levels, run: impl FnOnce() -> T) -> (T, Seen) {
    let seen = Seen::default();
    let lines = Lines { seen: seen.clone(), levels };
    let result = with_default(lines, || with_local_recorder(&Counters(seen.clone()), run));
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

struct Lines {
    seen: Seen,
    levels: Levels,
}

#[derive(Default)]
struct Fields {
    message: String,
    error: Option<String>,
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        match field.name() {
            "message" => self.message = format!("{value:?}"),
            "error" => self.error = Some(format!("{value:?}")),
            _ => {}
        }
    }
}

impl Subscriber for Lines {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        match metadata.target() {
            KERNEL => *metadata.level() <= self.levels.kernel,
            CALLS => *metadata.level() == tracing::Level::ERROR,
            target => target.starts_with("cc_lb"),
        }
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.levels.host)
    }

    fn new_span(&self, _span: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _span: &Id, _values: &Record<'_>) {}
    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        if fields.message.starts_with("unable to log message") {
            fields.message = "unable to log message".to_owned();
        }
        let metadata = event.metadata();
        let Fields { message, error } = fields;
        let line = Line { target: metadata.target(), level: metadata.level().to_string(), message, error };
        if let Ok(mut lines) = self.seen.lines.lock() {
            lines.push(line);
        }
    }

    fn enter(&self, _span: &Id) {}
    fn exit(&self, _span: &Id) {}
}
