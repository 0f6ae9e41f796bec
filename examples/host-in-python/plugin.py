"""A plugin on Wasmtime: KERNEL.md, from "What an import must be" on."""

import threading
import time
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

import wasmtime
from wasmtime import FuncType, TrapCode, ValType

from abi import Failure, failing_as, require
from kernel import FUNCTIONS, NAMESPACE, PAGE, Kernel, Memory, Setting
from module import Malformed, Shape, Signature, sections

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

Initialiser = tuple[str, tuple[int, ...]]


@lru_cache(maxsize=8)
def engine_of(stack_slots: int) -> wasmtime.Engine:
    """Returns an engine whose epoch counts ticks. The stack is a property of the engine."""
    config = wasmtime.Config()
    config.consume_fuel = config.epoch_interruption = True
    config.max_wasm_stack = stack_slots * 8
    # Nothing bounds objects of garbage collection and exceptions here, so the proposals are switched off.
    config.wasm_threads = config.wasm_gc = config.wasm_function_references = config.wasm_exceptions = False
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
        self._pages_at_first, self._kernel_growth = plugin.shape.pages, 0
        self.store = wasmtime.Store(engine_of(self._budget.stack_slots))
        self.store.set_fuel(self._budget.fuel)
        self._limit_growth()
        self._memories: list[wasmtime.Memory] = []
        memory = Memory(self._grow_kernel)
        self.kernel = Kernel(memory, plugin.variables, plugin.setting, self._charge)

    def start(self, deadline: float) -> None:
        """Instantiates the module, which runs its start function. The deadline is by the monotonic clock."""
        functions = []
        for module, name, _, signature in self._plugin.shape.imports:
            params, results = signature or ([], [])
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
            kind = STOPS.get(trap.trap_code, "Trap") if trap.trap_code else "Trap"
            end = Failure("call", kind, reason=trap.message)
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
            for _ in sections(wasm):
                pass  # checks the framing
            self.module = wasmtime.Module(engine_of(budget.stack_slots), wasm)
        except Malformed as fault:
            raise Failure("build", "MalformedModule", reason=str(fault)) from fault
        except wasmtime.WasmtimeError as reason:
            raise Failure("build", "InvalidModule", reason=str(reason)) from reason
        self.shape = Shape(wasm)
        self._functions = self.shape.functions
        self._check_imports()
        most = budget.memory_pages if budget.initial_memory_pages is None else budget.initial_memory_pages
        fits = self.shape.pages <= most and self.shape.entries <= budget.table_entries
        require(fits, "build", "OutOfMemory")
        self._check_entries()
        if "_start" not in self._functions:
            self._try_out()

    def has_function(self, name: str) -> bool:
        """Says whether an export *exists* in the sense of PROTOCOL.md: () -> i32 or () -> ()."""
        return self._functions.get(name) in (([], []), ([], ["i32"]))

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
        signature = self._functions.get(name)
        require(signature, "call", "FunctionNotFound", function=name)
        params, results = signature or ([], [])
        require(not params, "call", "HasParameters", function=name, params=len(params))
        require(len(results) < 2, "call", "TooManyResults", function=name, results=len(results))
        instance.store.set_fuel(budget.fuel)
        try:
            value = instance.run(name, (), deadline) if READABLE_TYPES.issuperset(results) else None
            if said := _said(memory):
                raise said
            code = (value if results == ["i32"] else -1) if results else 0
            require(code == 0, "call", "NonZeroExit", code=code)
            start, length = memory.output
            return bytes(memory.data[start : start + length])
        except Failure as end:
            if (said := _said(memory)) and said is not end:
                end.fields["cause"] = {"kind": said.kind, **said.fields}
            raise
        finally:
            self.fuel_consumed = budget.fuel - instance.store.get_fuel()
            if name == "_start":
                self._forget()

    def close(self) -> None:
        """Frees the instance."""
        if self._instance is not None:
            self._instance.store.close()
            self._instance = None

    def _check_imports(self) -> None:
        provided: dict[tuple[str, str], Signature] = {}
        for name, entry in FUNCTIONS.items():
            provided[NAMESPACE, name] = ([each["type"] for each in entry["params"]], entry["results"])
        for name, function in self.setting.host_functions.items():
            provided[HOST_NAMESPACE, name] = (["i64"] * function.params, ["i64"] * function.has_result)
        unknown = []
        for each in self.shape.imports:
            named = {"module": each.module, "name": each.name, "kind": each.kind}
            if expected := provided.get((each.module, each.name)):
                require(each.signature, "build", "ImportNotFunction", **{"import": named})
                require(each.signature == expected, "build", "ImportTypeMismatch", **{"import": named})
            else:
                unknown.append(named)
        require(not unknown, "build", "UnknownImports", imports=unknown)

    def _check_entries(self) -> None:
        entries = {name: kind for name, kind in self.shape.exports.items() if name in ("_start", "_initialize")}
        require(len(entries) < 2, "build", "StartAndInitialize")
        for name, kind in entries.items():
            require(kind == "function", "build", "ExportNotFunction", name=name, found=kind)
        require(self._functions.get("_initialize", ([], [])) == ([], []), "build", "InitializeType")

    def _try_out(self) -> None:
        """Makes an instance as a trial. It serves the calls if nothing else would run before them."""
        trial: list[Initialiser] = [("_initialize", ())] if "_initialize" in self._functions else []
        with failing_as("build", "InstantiationFailed"):
            self._instance = self._instantiate(trial, time.monotonic() + self.setting.budget.wall_ms / 1000)
        calls_host = any(each.module == HOST_NAMESPACE for each in self.shape.imports)
        if calls_host or trial != self._initialisers():
            self._forget()

    def _initialisers(self) -> list[Initialiser]:
        initialise: list[Initialiser] = [("_initialize", ())] if "_initialize" in self._functions else []
        if self._functions.get("hs_init"):
            return [*initialise, ("hs_init", (0, 0))]
        if constructors := self._functions.get("__wasm_call_ctors"):
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
                params, _ = self._functions[name] or ([], [])
                require(params == ["i32"] * len(arguments), "call", "Instantiate", name=name)
                instance.run(name, arguments, deadline)
        except Failure:
            instance.store.close()
            raise
        return instance

    def _forget(self) -> None:
        self.close()
        self.variables.clear()


def _said(memory: Memory) -> Failure | None:
    """Returns the failure that the plugin itself reports, if any."""
    if memory.error not in memory.live:
        return None
    text = memory.read(memory.error)[:ERROR_MAX_BYTES]
    try:
        return Failure("call", "PluginError", message=text.decode())
    except UnicodeDecodeError:
        return Failure("call", "ErrorMessageUnreadable")
