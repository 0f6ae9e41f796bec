//! Calls of exports, past the protocol.

use std::collections::BTreeMap;

use extism::Plugin;
use serde::Deserialize;
use serde_json::{Value, json};
use shared::bytes;
use shared::telemetry::{Levels, Seen, recording};
use tracing::level_filters::LevelFilter;

use crate::budget::Budget;
use crate::end::{Answer, Outcome, failed, unsupported};
use crate::plugin::{Asked, Build};
use crate::plugin_failures::{build_failure, call_failure, instance_failure};

/// Bytes that a plugin may store if a vector does not say it.
pub const DEFAULT_QUOTA: usize = 1 << 20;
/// The name of a plugin if a vector does not say it.
pub const DEFAULT_NAME: &str = "vector";

/// A plugin without host functions.
#[derive(Deserialize)]
pub struct Kernel {
    #[serde(with = "shared::bytes")]
    wasm: Vec<u8>,
    #[serde(default)]
    config: BTreeMap<String, String>,
    max_var_bytes: Option<u64>,
    log_level: Option<String>,
    #[serde(default)]
    budget: Budget,
    #[serde(default)]
    steps: Vec<Step>,
}

#[derive(Deserialize)]
struct Step {
    call: String,
    #[serde(default)]
    input: String,
}

/// A plugin with the six host functions.
#[derive(Deserialize)]
pub struct HostFunctions {
    #[serde(flatten)]
    kernel: Kernel,
    plugin_name: Option<String>,
    quota: Option<usize>,
}

impl Kernel {
    pub fn answer(self) -> Outcome {
        let level = self.level()?;
        self.run(None, Levels { host: level, kernel: level })
    }

    fn level(&self) -> Outcome<LevelFilter> {
        Ok(self.log_level.as_deref().unwrap_or("info").parse()?)
    }

    fn run(&self, host: Option<(&str, usize)>, levels: Levels) -> Outcome {
        if let Some(lacks) = self.budget.lacks_in_calls() {
            return unsupported(lacks);
        }
        let build = Build {
            wasm: &self.wasm,
            budget: self.budget.clone(),
            config: self.config.clone(),
            max_var_bytes: self.max_var_bytes,
            host,
        };
        let (built, seen) = recording(levels, || build.plugin());
        let (mut plugin, asked) = match built {
            Ok(built) => built,
            Err(error) => return Ok(Answer::Ends(vec![failed("build", build_failure(&self.wasm, &error))])),
        };
        if self.steps.is_empty() {
            return Ok(Answer::Ends(vec![told(json!({}), &seen)]));
        }
        let mut ends = Vec::new();
        let mut has_instance = false;
        for step in &self.steps {
            ends.push(self.call(&mut plugin, &asked, step, levels, &mut has_instance)?);
        }
        if asked.for_the_time() { unsupported("the clock is that of the system") } else { Ok(Answer::Ends(ends)) }
    }

    fn call(
        &self,
        plugin: &mut Plugin,
        asked: &Asked,
        step: &Step,
        levels: Levels,
        has_instance: &mut bool,
    ) -> Outcome<Value> {
        let input = bytes::read(&step.input).ok_or("an input is not base64")?;
        let (result, seen) = recording(levels, || {
            // The first call makes the instance. An error does not say which of both failed, so this does it apart.
            if !*has_instance {
                instantiate(plugin).map_err(|error| (error, instance_failure as Failure))?;
            }
            *has_instance = true;
            plugin.call::<&[u8], Vec<u8>>(&step.call, &input).map_err(|error| (error, call_failure as Failure))
        });
        let end = match result {
            Ok(output) => json!({ "output": bytes::text(&output) }),
            Err((error, failure)) => failed("call", failure(&self.wasm, &step.call, &error, &seen, asked)),
        };
        Ok(told(end, &seen))
    }
}

type Failure = fn(&[u8], &str, &extism::Error, &Seen, &Asked) -> Value;

/// Calls an export that no plugin has: Extism makes the instance, and then does not find the export.
fn instantiate(plugin: &mut Plugin) -> Result<(), extism::Error> {
    match plugin.call::<&[u8], Vec<u8>>("there is no such export", &[]) {
        Err(error) if !error.to_string().starts_with("Function not found: ") => Err(error),
        _ => Ok(()),
    }
}

impl HostFunctions {
    pub fn answer(self) -> Outcome {
        let host = (self.plugin_name.as_deref().unwrap_or(DEFAULT_NAME), self.quota.unwrap_or(DEFAULT_QUOTA));
        // A plugin's own logs have no lowest level. The level of the kernel is also that of the whole host here.
        let levels = Levels { host: LevelFilter::TRACE, kernel: self.kernel.level()? };
        self.kernel.run(Some(host), levels)
    }
}

/// An end, with what the plugin logged and counted.
pub fn told(mut end: Value, seen: &Seen) -> Value {
    end["logs"] = json!(seen.logs_of_plugin());
    end["counters"] = json!(seen.counters_of_plugin());
    end
}
