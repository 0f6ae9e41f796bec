use serde::Deserialize;
use serde_json::json;
use wasmtime::{Config, Engine, Instance, Module, Store, Val};

use crate::Answer;

/// A module without imports, of which one export is called, without Extism.
#[derive(Deserialize)]
pub struct Case {
    #[serde(with = "crate::bytes")]
    wasm: Vec<u8>,
    export: String,
    fuel: u64,
}

impl Case {
    pub fn answer(self) -> Answer {
        let mut config = Config::new();
        config.consume_fuel(true).wasm_function_references(true).wasm_gc(true).wasm_exceptions(true);
        config.wasm_tail_call(true).wasm_multi_memory(true).wasm_relaxed_simd(true).wasm_wide_arithmetic(true);
        let engine = Engine::new(&config)?;
        let module = match Module::new(&engine, &self.wasm) {
            Ok(module) => module,
            Err(error) => return Ok(json!({ "invalid": format!("{error:?}") })),
        };
        let mut store = Store::new(&engine, ());
        store.set_fuel(self.fuel)?;
        let end = run(&mut store, &module, &self.export);
        let used = self.fuel - store.get_fuel()?;
        Ok(match end {
            Ok(()) => json!({ "fuel": used }),
            Err(error) => json!({ "fuel": used, "trap": error.downcast_ref::<wasmtime::Trap>().map(ToString::to_string) }),
        })
    }
}

fn run(store: &mut Store<()>, module: &Module, export: &str) -> wasmtime::Result<()> {
    let instance = Instance::new(&mut *store, module, &[])?;
    let function = instance.get_func(&mut *store, export).ok_or_else(|| wasmtime::Error::msg("no such export"))?;
    let mut results = vec![Val::I32(0); function.ty(&*store).results().len()];
    function.call(store, &[], &mut results)
}
