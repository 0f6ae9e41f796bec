"""A plugin: KERNEL.md, "What an import must be" and "A call, step by step"."""

import wasmtime

from failure import Failure
from instance import STOPS, Deadline, Instance, Signature, engine_of, signature
from kernel import FUNCTIONS, NAMESPACE
from sections import Malformed, initial_sizes
from setting import HOST_NAMESPACE, Setting

ERROR_MAX_BYTES = 1 << 20
READABLE_TYPES = ("i32", "i64", "f32", "f64")

Initialiser = tuple[str, tuple[int, ...]]


class Plugin:
    """A plugin that has been built. It keeps its instance from call to call."""

    def __init__(self, wasm: bytes, setting: Setting) -> None:
        """Compiles and links the module, and instantiates it once as a trial.

        Raises a Failure of layer `build`.
        """
        self.fuel_consumed = 0
        self._setting, self._variables = setting, dict[str, bytes]()
        self._instance: Instance | None = None
        self._engine = engine_of(setting.budget.stack_slots)
        try:
            self._pages, entries = initial_sizes(wasm)
            self._module = wasmtime.Module(self._engine, wasm)
        except Malformed as fault:
            raise Failure("build", "MalformedModule", offset=fault.offset) from fault
        except wasmtime.WasmtimeError as reason:
            raise Failure("build", "InvalidModule", reason=str(reason)) from reason
        kinds = {export.name: export.type for export in self._module.exports}
        self._functions = {name: signature(kind) for name, kind in kinds.items()}
        self._provided = self._check_imports()
        self._check_entries()
        if self._pages > setting.budget.initial_memory_pages or entries > setting.budget.table_entries:
            raise Failure("build", "OutOfMemory")
        if "_start" not in self._functions:
            self._try_out()

    def has_function(self, name: str) -> bool:
        """Says whether an export *exists* in the sense of PROTOCOL.md: () -> i32 or () -> ()."""
        return self._functions.get(name) in (([], []), ([], ["i32"]))

    def call(self, name: str, data: bytes) -> bytes:
        """Calls an export with an input, and returns its output. Raises a Failure of layer `call`."""
        self.fuel_consumed = 0
        with Deadline(self._engine, self._setting.budget.wall_ms) as deadline:
            if self._instance is None:
                self._instance = self._initialised(deadline)
            instance = self._instance
            instance.kernel.memory.reset()
            instance.kernel.input_set(instance.kernel.memory.write(data), len(data))
            results = self._lookup(name)
            instance.refuel()
            try:
                readable = all(result in READABLE_TYPES for result in results)
                value = instance.run(name, (), deadline) if readable else None
                return _outcome(instance, (value if results == ["i32"] else -1) if results else 0)
            finally:
                self.fuel_consumed = instance.fuel_consumed()
                if name == "_start":
                    self._drop_instance()

    def close(self) -> None:
        """Frees the instance."""
        if self._instance is not None:
            self._instance.close()
            self._instance = None

    def _check_imports(self) -> dict[tuple[str, str], Signature]:
        """Returns the types of the functions that the host provides, once all imports are these."""
        provided: dict[tuple[str, str], Signature] = {}
        for name, entry in FUNCTIONS.items():
            params = [parameter["type"] for parameter in entry["params"]]
            provided[NAMESPACE, name] = (params, entry["results"])
        for name, function in self._setting.host_functions.items():
            results = ["i64"] if function.result else []
            provided[HOST_NAMESPACE, name] = (["i64"] * len(function.params), results)
        imports = [(each.module, each.name or "", each.type) for each in self._module.imports]
        unknown = [f"{module}::{name}" for module, name, _ in imports if (module, name) not in provided]
        if unknown:
            raise Failure("build", "UnknownImports", imports=unknown)
        for module, name, kind in imports:
            if signature(kind) is None:
                raise Failure("build", "ImportNotFunction", module=module, name=name)
            if signature(kind) != provided[module, name]:
                raise Failure("build", "ImportTypeMismatch", module=module, name=name)
        return provided

    def _check_entries(self) -> None:
        entries = [name for name in ("_start", "_initialize") if name in self._functions]
        for name in entries:
            if self._functions[name] is None:
                raise Failure("build", "ExportNotFunction", name=name)
        if len(entries) == 2:
            raise Failure("build", "StartAndInitialize")
        if self._functions.get("_initialize", ([], [])) != ([], []):
            raise Failure("build", "InitializeType")

    def _try_out(self) -> None:
        """Makes an instance as a trial. It serves the calls if nothing else would run before them."""
        trial: list[Initialiser] = [("_initialize", ())] if "_initialize" in self._functions else []
        try:
            with Deadline(self._engine, self._setting.budget.wall_ms) as deadline:
                self._instance = self._instantiate(trial, deadline)
        except Failure as cause:
            raise Failure("build", "InstantiationFailed", cause=cause.kind) from cause
        calls_host = any(each.module == HOST_NAMESPACE for each in self._module.imports)
        if calls_host or trial != self._initialisation():
            self._drop_instance()

    def _initialisation(self) -> list[Initialiser]:
        """Returns the exports that initialise an instance, with their arguments."""
        initialise: list[Initialiser] = [("_initialize", ())] if "_initialize" in self._functions else []
        if self._functions.get("hs_init") is not None:
            return [*initialise, ("hs_init", (0, 0))]
        if constructors := self._functions.get("__wasm_call_ctors"):
            return [("__wasm_call_ctors", ())] if constructors == ([], []) else []
        return initialise

    def _initialised(self, deadline: Deadline) -> Instance:
        try:
            return self._instantiate(self._initialisation(), deadline)
        except Failure as cause:
            if cause.kind in STOPS.values():
                raise
            raise Failure("call", "Instantiate", cause=cause.kind) from cause

    def _instantiate(self, initialisers: list[Initialiser], deadline: Deadline) -> Instance:
        instance = Instance(self._module, self._setting, self._variables, self._pages)
        try:
            instance.start(self._provided, deadline)
            for name, arguments in initialisers:
                params, _ = self._functions[name] or ([], [])
                if params != ["i32"] * len(arguments):
                    raise Failure("call", "Instantiate", name=name)
                instance.run(name, arguments, deadline)
        except Failure:
            instance.close()
            raise
        return instance

    def _drop_instance(self) -> None:
        self.close()
        self._variables.clear()

    def _lookup(self, name: str) -> list[str]:
        found = self._functions.get(name)
        if found is None:
            raise Failure("call", "FunctionNotFound", name=name)
        params, results = found
        if params:
            raise Failure("call", "HasParameters", name=name)
        if len(results) > 1:
            raise Failure("call", "TooManyResults", name=name)
        return results


def _outcome(instance: Instance, code: int) -> bytes:
    memory = instance.kernel.memory
    if memory.length(memory.error) > 0:
        try:
            message = memory.read(memory.error)[:ERROR_MAX_BYTES].decode()
        except UnicodeDecodeError:
            raise Failure("call", "ErrorMessageUnreadable") from None
        raise Failure("call", "PluginError", message=message)
    if code != 0:
        raise Failure("call", "NonZeroExit", code=code)
    start, length = memory.output
    return bytes(memory.data[start : start + length])
