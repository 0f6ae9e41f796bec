use serde::Deserialize;
use serde_json::json;
use wasmtime::{Config, Engine, Linker, Module, Store, Trap, Val};

use crate::Answer;

/// A module of which one export is called, without Extism; what it imports gives zero.
#[derive(Deserialize)]
pub struct Case {
    #[serde(with = "shared::bytes")]
    wasm: Vec<u8>,
    export: String,
    #[serde(default)]
    arguments: Vec<(String, i64)>,
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
        store.set_fuel(u64::MAX)?;
        let end = self.run(&mut store, &module);
        let used = self.fuel - store.get_fuel()?;
        Ok(match end {
            Ok(()) => json!({ "fuel": used }),
            Err(error) if error.downcast_ref() == Some(&Trap::OutOfFuel) => json!({ "end": "out of fuel" }),
            Err(error) if error.is::<Trap>() => json!({ "end": "trap" }),
            Err(error) => return Err(error.into()),
        })
    }

    fn run(&self, store: &mut Store<()>, module: &Module) -> wasmtime::Result<()> {
        let mut linker = Linker::new(store.engine());
        linker.define_unknown_imports_as_default_values(&mut *store, module)?;
        let instance = linker.instantiate(&mut *store, module)?;
        // Wasmtime 49 charges for the start-up of a module that has active segments: 1, whatever is in them.
        store.set_fuel(self.fuel)?;
        let missing = || wasmtime::Error::msg("no such export");
        let function = instance.get_func(&mut *store, &self.export).ok_or_else(missing)?;
        let arguments = self.arguments.iter().map(|(kind, value)| match kind.as_str() {
            "i64" => Val::I64(*value),
            _ => Val::I32(*value as i32),
        });
        let arguments: Vec<Val> = arguments.collect();
        let mut results = vec![Val::I32(0); function.ty(&*store).results().len()];
        function.call(store, &arguments, &mut results)
    }
}
