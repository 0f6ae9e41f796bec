//! A plugin as cc-lb builds it with Extism.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use cc_lb_runtime_protocol::host_functions::{
    HostFunctionContext, HostState, cc_lb_log, cc_lb_metric_incr, cc_lb_now_unix_ms, cc_lb_random_bytes,
    cc_lb_storage_get, cc_lb_storage_put,
};
use extism::{CurrentPlugin, Error, Function, Manifest, PTR, Plugin, PluginBuilder, UserData, Val, ValType, Wasm};

use crate::budget::Budget;

const DEFAULT_FUEL: u64 = 1_000_000_000;
const DEFAULT_MEMORY_PAGES: u32 = 32;
const CLOCK: &str = "cc_lb_now_unix_ms";

/// What a plugin is built from.
#[derive(Default)]
pub struct Build<'a> {
    pub wasm: &'a [u8],
    pub budget: Budget,
    pub config: BTreeMap<String, String>,
    pub max_var_bytes: Option<u64>,
    /// The name of the plugin and its quota in bytes, if it has host functions.
    pub host: Option<(&'a str, usize)>,
}

/// What the host functions of a plugin were asked.
#[derive(Clone, Default)]
pub struct Asked(Arc<Mutex<AskedState>>);

#[derive(Default)]
struct AskedState {
    /// The function that ended the call.
    failed: Option<&'static str>,
    clock: bool,
}

impl Asked {
    fn change(&self, change: impl FnOnce(&mut AskedState)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Whether the plugin asked for the time, which is always that of the system.
    pub fn for_the_time(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clock
    }

    /// The function that ended the call since this was last asked.
    pub fn take_failed(&self) -> Option<&'static str> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).failed.take()
    }
}

impl Build<'_> {
    pub fn plugin(&self) -> Result<(Plugin, Asked), Error> {
        let mut manifest = Manifest::new([Wasm::data(self.wasm)]).disallow_all_hosts();
        manifest = manifest.with_memory_max(self.budget.memory_pages.unwrap_or(DEFAULT_MEMORY_PAGES));
        if let Some(wall_ms) = self.budget.wall_ms {
            manifest = manifest.with_timeout(Duration::from_millis(wall_ms));
        }
        manifest.memory.max_var_bytes = self.max_var_bytes;
        manifest.config = self.config.clone();
        let mut builder = PluginBuilder::new(manifest).with_wasi(false).with_cache_disabled();
        builder = builder.with_fuel_limit(self.budget.fuel.unwrap_or(DEFAULT_FUEL));
        let asked = Asked::default();
        if let Some((name, quota)) = self.host {
            let context = HostFunctionContext::new(name.to_owned(), quota, Arc::new(HostState::new()));
            builder = builder.with_functions(functions(context, &asked));
        }
        Ok((builder.build()?, asked))
    }
}

/// The published host functions. Which of them failed is noted, since the error does not say it.
fn functions(context: HostFunctionContext, asked: &Asked) -> Vec<Function> {
    let data = UserData::new(context);
    type Body = fn(&mut CurrentPlugin, &[Val], &mut [Val], UserData<HostFunctionContext>) -> Result<(), Error>;
    let functions: [(&'static str, usize, Option<ValType>, Body); 6] = [
        ("cc_lb_log", 2, None, cc_lb_log),
        ("cc_lb_metric_incr", 2, None, cc_lb_metric_incr),
        ("cc_lb_storage_get", 1, Some(PTR), cc_lb_storage_get),
        ("cc_lb_storage_put", 2, None, cc_lb_storage_put),
        (CLOCK, 0, Some(PTR), cc_lb_now_unix_ms),
        ("cc_lb_random_bytes", 1, Some(PTR), cc_lb_random_bytes),
    ];
    let noting = |(name, params, result, body): (&'static str, usize, Option<ValType>, Body)| {
        let asked = asked.clone();
        Function::new(name, vec![PTR; params], result, data.clone(), move |plugin, inputs, outputs, data| {
            asked.change(|state| state.clock |= name == CLOCK);
            body(plugin, inputs, outputs, data).inspect_err(|_| asked.change(|state| state.failed = Some(name)))
        })
    };
    functions.into_iter().map(noting).collect()
}
