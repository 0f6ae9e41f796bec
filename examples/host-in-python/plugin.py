"""A plugin on Wasmtime: KERNEL.md, from "What an import must be" on."""

import threading
import time
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

import wasmtime
from wasmtime import FuncType, TrapCode, ValType

from abi import Failure, failing_as, require
from identity import Malformed, initial_sizes
from kernel import FUNCTIONS, NAMESPACE, PAGE, Kernel, Memory, Setting

HOST_NAMESPACE = "extism:host/user"
ERROR_MAX_BYTES = 1 << 20
TICK_SECONDS = 0.005
MANY_TICKS = 1 << 62
VALUE_TYPES = {"i32": ValType.i32, "i64": ValType.i64}
READABLE_TYPES = {"i32", "i64", "f32", "f64"}
STOPS = {
    TrapCode.OUT_OF_FUEL: "OutOfFuel",
    TrapCode.INTERRUPT: "Timeout",
    TrapCode.ALLOCATION_TOO_LARGE: "OutOfMemory",
    TrapCode.STACK_OVERFLOW: "StackOverflow",
}

Signature = tuple[list[str], list[str]]
Initialiser = tuple[str, tuple[int, ...]]


def signature(kind: object) -> Signature | None:
    """Returns the parameters and results of a function type; None for any other type."""
    if not isinstance(kind, FuncType):
        return None
    return [str(each) for each in kind.params], [str(each) for each in kind.results]


@lru_cache(maxsize=8)
def engine_of(stack_slots: int) -> wasmtime.Engine:
    """Returns an engine whose epoch counts ticks. The stack is a property of the engine."""
    config = wasmtime.Config()
    config.consume_fuel = config.epoch_interruption = True
    config.max_wasm_stack = stack_slots * 8
    config.wasm_threads = False
    engine = wasmtime.Engine(config)

    def tick() -> None:
        while True:
            time.sleep(TICK_SECONDS)
            engine.increment_epoch()

    threading.Thread(target=tick, daemon=True).start()
    return engine


class Instance:
    """One instance of a module, with its kernel. It keeps fuel, deadline and growth within the budget."""

    def __init__(self, plugin: "Plugin") -> None:
        """Makes what belongs to an instance, and runs nothing yet."""
        self._plugin, self._budget = plugin, plugin.setting.budget
        self._pages_at_first, self._kernel_growth = plugin.pages, 0
        self.store = wasmtime.Store(engine_of(self._budget.stack_slots))
        self.store.set_fuel(self._budget.fuel)
        self._limit_growth()
        self._memories: list[wasmtime.Memory] = []
        memory = Memory(self._grow_kernel)
        self.kernel = Kernel(memory, plugin.variables, plugin.setting, self._charge)

    def start(self, deadline: float) -> None:
        """Instantiates the module, which runs its start function. The deadline is by the monotonic clock."""
        functions = []
        for (module, name), (params, results) in self._plugin.imports:
            kind = FuncType([VALUE_TYPES[each]() for each in params], [VALUE_TYPES[each]() for each in results])
            if module == NAMESPACE:
                fuel, run = FUNCTIONS[name]["fuel"], self.kernel.functions[name]
                serve = partial(self._serve, "KernelFunction", name, fuel, run)
            else:
                run = partial(self._plugin.setting.host_functions[name].run, self.kernel)
                serve = partial(self._serve, "HostFunction", name, 0, run)
            functions.append(wasmtime.Func(self.store, kind, serve))
        instance = self._guard(lambda: wasmtime.Instance(self.store, self._plugin.module, functions), deadline)
        self._exports = instance.exports(self.store)
        # Wasmtime shows the memories that the plugin exports, and no others.
        self._memories = [each for each in self._exports.values() if isinstance(each, wasmtime.Memory)]

    def run(self, name: str, arguments: tuple[int, ...], deadline: float) -> Any:
        """Calls an export with the fuel that is left. Raises a Failure if something ended it."""
        return self._guard(lambda: self._exports[name](self.store, *arguments), deadline)

    def _guard(self, action: Callable[[], Any], deadline: float) -> Any:
        """Runs code of the plugin. The first row of the outcomes that applies is the failure."""
        ticks = (deadline - time.monotonic()) / TICK_SECONDS
        self.store.set_epoch_deadline(max(int(ticks) + 2, 1) if ticks < MANY_TICKS else MANY_TICKS)
        result, end = None, None
        try:
            result = action()
        except Failure as failure:
            end = failure
        except wasmtime.Trap as trap:
            end = Failure("call", STOPS.get(trap.trap_code, "Trap"), reason=trap.message)
        except wasmtime.WasmtimeError as error:
            end = Failure("call", "Trap", reason=str(error))
        if self.store.get_fuel() == 0 < self._budget.fuel:
            raise Failure("call", "OutOfFuel")
        if time.monotonic() >= deadline:
            raise Failure("call", "Timeout")
        if end is not None:
            raise end
        return result

    def _charge(self, fuel: int) -> None:
        if fuel > 0:
            left = max(self.store.get_fuel() - fuel, 0)
            self.store.set_fuel(left)
            require(left > 0, "call", "OutOfFuel")

    def _grow_kernel(self, pages: int) -> None:
        plugin_growth = max(sum(each.size(self.store) for each in self._memories) - self._pages_at_first, 0)
        growth = self._kernel_growth + plugin_growth + pages
        require(growth <= self._budget.memory_pages, "call", "OutOfMemory")
        self._kernel_growth += pages
        self._limit_growth()

    def _limit_growth(self) -> None:
        # There is no limiter that traps: growth past the budget answers -1.
        pages = self._pages_at_first + self._budget.memory_pages - self._kernel_growth
        self.store.set_limits(memory_size=pages * PAGE, table_elements=self._budget.table_entries)

    def _serve(self, kind: str, name: str, fuel: int, run: Callable[..., int | None], *values: int) -> int | None:
        """Runs a function that the plugin imports. `kind` is the failure if it ends the call."""
        self._charge(fuel)
        try:
            return run(*(value % 2**64 for value in values))
        except Failure as failure:
            if failure.layer == "call":
                raise
            cause = {"kind": failure.kind, **failure.fields}
            raise Failure("call", kind, function=name, cause=cause) from failure
        except ValueError as reason:
            raise Failure("call", kind, function=name, reason=str(reason)) from reason


class Plugin:
    """A plugin that has been built. It keeps its instance from call to call."""

    def __init__(self, wasm: bytes, setting: Setting) -> None:
        """Compiles and links the module, and instantiates it once as a trial.

        Raises a Failure of layer `build`.
        """
        self.setting, self.fuel_consumed = setting, 0
        self.variables: dict[str, bytes] = {}
        self._instance: Instance | None = None
        budget = setting.budget
        try:
            self.pages, entries = initial_sizes(wasm)
            self.module = wasmtime.Module(engine_of(budget.stack_slots), wasm)
        except Malformed as fault:
            raise Failure("build", "MalformedModule", reason=str(fault)) from fault
        except wasmtime.WasmtimeError as reason:
            raise Failure("build", "InvalidModule", reason=str(reason)) from reason
        self._exports = {each.name: signature(each.type) for each in self.module.exports}
        self.imports = self._checked_imports()
        self._check_entries()
        fits = self.pages <= budget.initial_memory_pages and entries <= budget.table_entries
        require(fits, "build", "OutOfMemory")
        if "_start" not in self._exports:
            self._try_out()

    def has_function(self, name: str) -> bool:
        """Says whether an export *exists* in the sense of PROTOCOL.md: () -> i32 or () -> ()."""
        return self._exports.get(name) in (([], []), ([], ["i32"]))

    def call(self, name: str, data: bytes) -> bytes:
        """Calls an export with an input, and returns its output. Raises a Failure of layer `call`."""
        self.fuel_consumed, budget = 0, self.setting.budget
        deadline = time.monotonic() + budget.wall_ms / 1000
        if self._instance is None:
            self._instance = self._initialised(deadline)
        instance = self._instance
        memory = instance.kernel.memory
        memory.reset()
        memory.set_input(memory.write(data), len(data))
        params, results = self._exports.get(name) or ([], None)
        require(results is not None, "call", "FunctionNotFound", name=name)
        require(not params, "call", "HasParameters", name=name)
        require(len(results) <= 1, "call", "TooManyResults", name=name)
        instance.store.set_fuel(budget.fuel)
        try:
            value = instance.run(name, (), deadline) if READABLE_TYPES.issuperset(results) else None
            return _outcome(memory, (value if results == ["i32"] else -1) if results else 0)
        finally:
            self.fuel_consumed = budget.fuel - instance.store.get_fuel()
            if name == "_start":
                self._forget()

    def close(self) -> None:
        """Frees the instance."""
        if self._instance is not None:
            self._instance.store.close()
            self._instance = None

    def _checked_imports(self) -> list[tuple[tuple[str, str], Signature]]:
        """Returns the names and types of the imports, once the host provides all of them."""
        provided: dict[tuple[str, str], Signature] = {}
        for name, entry in FUNCTIONS.items():
            provided[NAMESPACE, name] = ([each["type"] for each in entry["params"]], entry["results"])
        for name, function in self.setting.host_functions.items():
            provided[HOST_NAMESPACE, name] = (["i64"] * function.params, ["i64"] * function.has_result)
        imports = [((each.module, each.name or ""), signature(each.type)) for each in self.module.imports]
        unknown = [f"{module}::{name}" for (module, name), _ in imports if (module, name) not in provided]
        require(not unknown, "build", "UnknownImports", imports=unknown)
        for (module, name), found in imports:
            require(found, "build", "ImportNotFunction", module=module, name=name)
            require(found == provided[module, name], "build", "ImportTypeMismatch", module=module, name=name)
        return [(key, provided[key]) for key, _ in imports]

    def _check_entries(self) -> None:
        entries = [name for name in ("_start", "_initialize") if name in self._exports]
        for name in entries:
            require(self._exports[name], "build", "ExportNotFunction", name=name)
        require(len(entries) < 2, "build", "StartAndInitialize")
        require(self._exports.get("_initialize", ([], [])) == ([], []), "build", "InitializeType")

    def _try_out(self) -> None:
        """Makes an instance as a trial. It serves the calls if nothing else would run before them."""
        trial: list[Initialiser] = [("_initialize", ())] if "_initialize" in self._exports else []
        with failing_as("build", "InstantiationFailed"):
            self._instance = self._instantiate(trial, time.monotonic() + self.setting.budget.wall_ms / 1000)
        calls_host = any(module == HOST_NAMESPACE for (module, _), _ in self.imports)
        if calls_host or trial != self._initialisers():
            self._forget()

    def _initialisers(self) -> list[Initialiser]:
        initialise: list[Initialiser] = [("_initialize", ())] if "_initialize" in self._exports else []
        if self._exports.get("hs_init"):
            return [*initialise, ("hs_init", (0, 0))]
        if constructors := self._exports.get("__wasm_call_ctors"):
            return [("__wasm_call_ctors", ())] if constructors == ([], []) else []
        return initialise

    def _initialised(self, deadline: float) -> Instance:
        try:
            return self._instantiate(self._initialisers(), deadline)
        except Failure as cause:
            if cause.kind in STOPS.values():
                raise
            raise Failure("call", "Instantiate") from cause

    def _instantiate(self, initialisers: list[Initialiser], deadline: float) -> Instance:
        instance = Instance(self)
        try:
            instance.start(deadline)
            for name, arguments in initialisers:
                params, _ = self._exports[name] or ([], [])
                require(params == ["i32"] * len(arguments), "call", "Instantiate", name=name)
                instance.run(name, arguments, deadline)
        except Failure:
            instance.store.close()
            raise
        return instance

    def _forget(self) -> None:
        self.close()
        self.variables.clear()


def _outcome(memory: Memory, code: int) -> bytes:
    """Returns the output, or raises the failure of a call that returned."""
    if memory.error in memory.live:
        with failing_as("call", "ErrorMessageUnreadable"):
            message = memory.read(memory.error)[:ERROR_MAX_BYTES].decode()
        raise Failure("call", "PluginError", message=message)
    require(code == 0, "call", "NonZeroExit", code=code)
    start, length = memory.output
    return bytes(memory.data[start : start + length])
