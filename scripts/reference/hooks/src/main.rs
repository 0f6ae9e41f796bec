//! Runs the rows of `npm run bench -- --only hooks` on the published host. The first line of the standard input is the
//! task; each further line names a row, and is answered by one line. Both are JSON. So the benchmark can let this
//! program and others take turns.

mod rows;

use std::error::Error;
use std::io::{self, BufRead};
use std::time::{Duration, Instant};

use cc_lb_runtime_wasmtime::WasmtimeRuntime;
use serde::{Deserialize, Serialize};

use rows::{Once, Row, open};

type Outcome<T> = Result<T, Box<dyn Error>>;

#[derive(Deserialize)]
struct Task {
    rows: Vec<Row>,
}

/// What to do with a row: do it for a time, or once and show the answer.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Turn {
    Times { row: usize, calls: usize, ms: u64 },
    Answer { row: usize },
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Reply {
    /// Microseconds of each call.
    Times(Vec<f64>),
    /// The answer's archive, in hex.
    Answer(String),
    Error(String),
}

fn main() -> Outcome<()> {
    let mut lines = io::stdin().lock().lines();
    let task: Task = serde_json::from_str(&lines.next().ok_or("there is no task")??)?;
    let runtime = WasmtimeRuntime::with_defaults()?;
    let mut opened: Vec<Option<Once>> = task.rows.iter().map(|_| None).collect();
    for line in lines {
        let turn: Turn = serde_json::from_str(&line?)?;
        let reply =
            take_turn(&runtime, &task, &mut opened, turn).unwrap_or_else(|error| Reply::Error(error.to_string()));
        println!("{}", serde_json::to_string(&reply)?);
    }
    Ok(())
}

fn take_turn<'r>(
    runtime: &'r WasmtimeRuntime,
    task: &Task,
    opened: &mut [Option<Once<'r>>],
    turn: Turn,
) -> Outcome<Reply> {
    let (Turn::Times { row, .. } | Turn::Answer { row }) = turn;
    let declared = task.rows.get(row).ok_or("there is no such row")?;
    let slot = &mut opened[row];
    if slot.is_none() {
        *slot = Some(open(runtime, declared)?);
    }
    let once = slot.as_mut().ok_or("the row is not open")?;
    match turn {
        Turn::Times { calls, ms, .. } => Ok(Reply::Times(measure(once, calls, Duration::from_millis(ms))?)),
        Turn::Answer { .. } => {
            let mut answer = Vec::new();
            once(Some(&mut answer))?;
            Ok(Reply::Answer(answer.iter().map(|byte| format!("{byte:02x}")).collect()))
        }
    }
}

/// Does it until the calls or the time are used up, and at least once.
fn measure(once: &mut Once, calls: usize, time: Duration) -> Outcome<Vec<f64>> {
    let mut times = Vec::with_capacity(calls);
    let begun = Instant::now();
    while times.len() < calls && (times.is_empty() || begun.elapsed() < time) {
        times.push(once(None)?.as_secs_f64() * 1e6);
    }
    Ok(times)
}
