use serde::Deserialize;
use serde_json::{Value, json};
use wasmtime::{Config, Engine, Instance, Linker, Module, Store, Trap, Val};

use crate::budget::Budget;
use crate::end::{Answer, Outcome, failed, failure, kind, one, unsupported};
use crate::module::{refusal, runs_before_calls};

const DEFAULT_FUEL: u64 = 1_000_000_000;

/// What calls burn. The kernel of Extism burns fuel before and after each call, so the engine runs the plugin alone.
#[derive(Deserialize)]
pub struct Fuel {
    #[serde(with = "shared::bytes")]
    wasm: Vec<u8>,
    #[serde(default)]
    budget: Budget,
    #[serde(default)]
    steps: Vec<Step>,
}

#[derive(Deserialize)]
struct Step {
    call: String,
}

impl Fuel {
    pub fn answer(self) -> Outcome {
        if let Some(lacks) = self.budget.lacks_in_calls() {
            return unsupported(lacks);
        }
        let mut config = Config::new();
        config.consume_fuel(true).wasm_function_references(true).wasm_gc(true).wasm_exceptions(true);
        config.wasm_tail_call(true).wasm_multi_memory(true).wasm_relaxed_simd(true).wasm_wide_arithmetic(true);
        let engine = Engine::new(&config)?;
        let Ok(module) = Module::new(&engine, &self.wasm) else {
            return one(failed("build", refusal(&self.wasm)));
        };
        if runs_before_calls(&self.wasm) {
            return unsupported("the kernel of Extism burns fuel before start functions and initialisers");
        }
        let mut store = Store::new(&engine, ());
        let fuel = self.budget.fuel.unwrap_or(DEFAULT_FUEL);
        store.set_fuel(u64::MAX)?;
        let mut linker = Linker::new(&engine);
        // A plugin that calls the kernel traps here.
        linker.define_unknown_imports_as_traps(&module)?;
        let Ok(instance) = linker.instantiate(&mut store, &module) else {
            return one(failed("build", kind("InstantiationFailed")));
        };
        let mut ends = Vec::new();
        for step in &self.steps {
            store.set_fuel(fuel)?;
            match called(&mut store, &instance, &step.call)? {
                None => return unsupported("the kernel of Extism burns its own instructions"),
                Some(mut end) => {
                    end["fuel"] = json!(fuel - store.get_fuel()?);
                    ends.push(end);
                }
            }
        }
        Ok(Answer::Ends(ends))
    }
}

/// How a call ends; `None` if it needs the kernel.
fn called(store: &mut Store<()>, instance: &Instance, export: &str) -> Outcome<Option<Value>> {
    let Some(function) = instance.get_func(&mut *store, export) else {
        return Ok(Some(failed("call", kind("FunctionNotFound"))));
    };
    let mut results = vec![Val::I32(0); function.ty(&*store).results().len()];
    let called = function.call(&mut *store, &[], &mut results);
    if store.get_fuel()? == 0 {
        return Ok(Some(failed("call", kind("OutOfFuel"))));
    }
    Ok(match called {
        Err(error) if error.is::<Trap>() => Some(failed("call", kind("Trap"))),
        Err(_) => None,
        Ok(()) => Some(match results.first().map_or(0, |result| result.i32().unwrap_or(-1)) {
            0 => json!({ "output": "" }),
            code => failed("call", failure("NonZeroExit", [("code".to_owned(), json!(code))].into_iter().collect())),
        }),
    })
}
