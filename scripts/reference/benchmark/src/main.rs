//! Runs the workloads of `npm run bench` on the published host. The task comes as JSON on the standard input; one line of JSON with all
//! numbers is printed.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::io::Read;
use std::time::{Duration, Instant};

use cc_lb_plugin_wire::augmented_metadata::AugmentedMetadata;
use cc_lb_plugin_wire::v1::{observe::ObserveFn, shape::ShapeFn};
use cc_lb_plugin_wire::v3::filter::FilterFn;
use cc_lb_plugin_wire::wire_function::WireFunction;
use cc_lb_runtime_protocol::build_plugin;
use cc_lb_runtime_protocol::dispatch::{DispatchOutcome, dispatch_wire_call};
use cc_lb_runtime_protocol::handshake::{build_offer, execute_handshake};
use cc_lb_runtime_protocol::identity::read_identity;
use cc_lb_runtime_protocol::self_check::execute_self_check;
use extism::Plugin;
use serde::{Deserialize, Serialize};

/// Limits that no workload reaches; they are counted all the same.
const WALL_MS: u64 = 600_000;
const FUEL: u64 = 1_000_000_000_000_000;

/// How long a batch of what is fast is, how long everything runs before it is measured, and how often it is measured at least.
const BATCH: Duration = Duration::from_millis(3);
const WARM_UP: Duration = Duration::from_millis(80);
const LEAST_ROUNDS: usize = 3;

type Outcome<T> = Result<T, Box<dyn Error>>;

#[derive(Deserialize)]
struct Task {
    rounds: usize,
    budget_ms: u64,
    rows: Vec<Row>,
}

/// A thing to do, as the benchmark names it; `wasm` and `request` are paths.
#[derive(Deserialize)]
struct Row {
    workload: String,
    name: String,
    bytes: usize,
    wasm: String,
    /// An export to call with text of `bytes` bytes, or a wire function to dispatch `request` to; neither: the plugin is admitted.
    export: Option<String>,
    function: Option<String>,
    request: Option<String>,
}

#[derive(Serialize)]
struct Report {
    workload: String,
    name: String,
    bytes: usize,
    #[serde(flatten)]
    timing: Option<Timing>,
    error: Option<String>,
}

/// Microseconds of doing it once: the median over the rounds, and the quartiles.
#[derive(Serialize)]
struct Timing {
    microseconds: f64,
    lower: f64,
    upper: f64,
    rounds: usize,
}

fn main() -> Outcome<()> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let task: Task = serde_json::from_str(&text)?;
    let reports: Vec<Report> = task.rows.iter().map(|row| report(&task, row)).collect();
    println!("{}", serde_json::to_string(&reports)?);
    Ok(())
}

fn report(task: &Task, row: &Row) -> Report {
    let (timing, error) = match measure_row(task, row) {
        Ok(timing) => (Some(timing), None),
        Err(error) => (None, Some(error.to_string())),
    };
    Report { workload: row.workload.clone(), name: row.name.clone(), bytes: row.bytes, timing, error }
}

fn measure_row(task: &Task, row: &Row) -> Outcome<Timing> {
    let wasm = fs::read(&row.wasm)?;
    if let Some(export) = &row.export {
        return measure_call(task, &wasm, export, row.bytes);
    }
    match (row.function.as_deref(), &row.request) {
        (Some("filter"), Some(path)) => measure_dispatch::<FilterFn>(task, &wasm, path),
        (Some("shape"), Some(path)) => measure_dispatch::<ShapeFn>(task, &wasm, path),
        (Some("observe"), Some(path)) => measure_dispatch::<ObserveFn>(task, &wasm, path),
        (Some(other), _) => Err(format!("the function {other} is not dispatched here").into()),
        (None, _) => measure(task, || admit(&wasm)),
    }
}

fn measure_call(task: &Task, wasm: &[u8], export: &str, bytes: usize) -> Outcome<Timing> {
    let mut plugin = build_plugin(wasm, WALL_MS, FUEL)?;
    let input = "x".repeat(bytes);
    measure(task, || {
        let start = Instant::now();
        let output: String = plugin.call::<&str, String>(export, &input)?;
        let time = start.elapsed();
        drop(output);
        Ok(time)
    })
}

fn measure_dispatch<F: WireFunction>(task: &Task, wasm: &[u8], request: &str) -> Outcome<Timing>
where
    F::Request: Clone,
{
    let mut plugin: Plugin = build_plugin(wasm, WALL_MS, FUEL)?;
    let request: F::Request = serde_json::from_str(&fs::read_to_string(request)?)?;
    let metadata = AugmentedMetadata {
        identity: read_identity(wasm)?,
        negotiated_functions: BTreeMap::from([(F::NAME.to_owned(), 1)]),
        negotiated_capabilities: BTreeSet::new(),
        handshake_completed_at: 1,
        self_check_passed: true,
        self_check_completed_at: 1,
        expires_at: 2,
    };
    measure(task, || {
        // The dispatch takes its request away: the copy for the next one is outside of the time.
        let request = request.clone();
        let start = Instant::now();
        let outcome = dispatch_wire_call::<F>(&mut plugin, &metadata, request);
        let time = start.elapsed();
        match outcome {
            DispatchOutcome::Ok(_) => Ok(time),
            _ => Err("the dispatch fell back".into()),
        }
    })
}

/// Identity, handshake and self-check; the host caches nothing between them.
fn admit(wasm: &[u8]) -> Outcome<Duration> {
    let start = Instant::now();
    read_identity(wasm)?;
    execute_handshake(wasm, &build_offer(&BTreeSet::new()))?;
    execute_self_check(wasm)?;
    Ok(start.elapsed())
}

fn measure(task: &Task, mut once: impl FnMut() -> Outcome<Duration>) -> Outcome<Timing> {
    let mut last = once()?;
    let warm = Instant::now();
    while warm.elapsed() < WARM_UP {
        last = once()?;
    }
    let batch = (BATCH.as_nanos() / last.as_nanos().max(1)).clamp(1, 100_000) as u32;
    let mut times = Vec::new();
    let begun = Instant::now();
    while times.len() < task.rounds
        && (times.len() < LEAST_ROUNDS || begun.elapsed() < Duration::from_millis(task.budget_ms))
    {
        let mut total = Duration::ZERO;
        for _ in 0..batch {
            total += once()?;
        }
        times.push(total.as_secs_f64() * 1e6 / f64::from(batch));
    }
    times.sort_by(f64::total_cmp);
    let at = |part: f64| times[((times.len() - 1) as f64 * part).round() as usize];
    Ok(Timing { microseconds: at(0.5), lower: at(0.25), upper: at(0.75), rounds: times.len() })
}
