"""A plugin on Wasmtime: KERNEL.md, from "What an import must be" on."""

import threading
import time
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any

import wasmtime
from wasmtime import FuncType, TrapCode, ValType

from abi import Failure, failing_as, require
from kernel import FUNCTIONS, PAGE, Kernel, Provided, Setting
from module import Shape, Signature, body_sizes

ERROR_MAX_BYTES, BODY_MAX_BYTES, CODE_MAX_BYTES = 1 << 20, 204_800, 1 << 21
TICK_SECONDS, MANY_TICKS = 0.005, 1 << 62
READABLE_TYPES = {"i32", "i64", "f32", "f64"}
STOPS: dict[object, str] = {TrapCode.OUT_OF_FUEL: "OutOfFuel", TrapCode.INTERRUPT: "Timeout",
                            TrapCode.STACK_OVERFLOW: "StackOverflow"}  # fmt: skip
BUDGET_FAILURES = {*STOPS.values(), "OutOfMemory"}
NOTHING: Signature = ([], [])


@lru_cache(maxsize=8)
def engine_of(stack_slots: int) -> wasmtime.Engine:
    """Returns an engine whose epoch counts ticks. The stack is a property of the engine."""
    config = wasmtime.Config()
    config.consume_fuel = config.epoch_interruption = True
    config.max_wasm_stack = stack_slots * 8
    # Nothing would bound objects of garbage collection and exceptions, so these are switched off.
    config.wasm_threads = config.wasm_gc = config.wasm_function_references = config.wasm_exceptions = False
    engine = wasmtime.Engine(config)

    def tick() -> None:
        while True:
            time.sleep(TICK_SECONDS)
            engine.increment_epoch()

    threading.Thread(target=tick, daemon=True).start()
    return engine


class Instance:
    """One instance of a module with its kernel. It keeps fuel, time and growth in the budget."""

    def __init__(self, plugin: "Plugin") -> None:
        """Makes what belongs to an instance, and runs nothing yet."""
        self._plugin, self._budget = plugin, plugin.setting.budget
        self._exports: Mapping[str, Any] = {}
        self.store = wasmtime.Store(engine_of(self._budget.stack_slots))
        self.store.set_fuel(self._budget.fuel)
        self._limit_growth(kernel_growth=0)
        self.kernel = Kernel(plugin.setting, plugin.variables, self._grow_kernel, self._charge)

    def start(self, deadline: float) -> None:
        """Instantiates the module, which runs its start function.

        The deadline is a time of the monotonic clock.
        """
        functions = []
        for name, _, _ in self._plugin.shape.imports:
            provided = self._plugin.provided[name]
            params, results = ([getattr(ValType, value)() for value in side] for side in provided.signature)
            serve = partial(self._serve, name[1], provided)
            functions.append(wasmtime.Func(self.store, FuncType(params, results), serve))
        instance = self._guard(lambda: wasmtime.Instance(self.store, self._plugin.module, functions), deadline)
        self._exports = instance.exports(self.store)

    def run(self, name: str, arguments: tuple[int, ...], deadline: float) -> Any:
        """Calls an export with the fuel that is left. Raises a Failure if something ended it."""
        return self._guard(lambda: self._exports[name](self.store, *arguments), deadline)

    def said(self) -> Failure | None:
        """Returns the failure that the plugin itself reports, if any."""
        if self.kernel.error not in self.kernel.live:  # KC-46
            return None
        try:
            text = self.kernel.read(self.kernel.error)[:ERROR_MAX_BYTES].decode()  # KC-40, KC-47
            return Failure("call", "PluginError", message=text)
        except UnicodeDecodeError:
            return Failure("call", "ErrorMessageUnreadable")  # KC-41

    def _guard(self, action: Callable[[], Any], deadline: float) -> Any:
        """Runs code of the plugin. The first row of the outcomes that applies is the failure."""
        ticks = (deadline - time.monotonic()) / TICK_SECONDS
        self.store.set_epoch_deadline(max(int(ticks) + 2, 1) if ticks < MANY_TICKS else MANY_TICKS)
        try:
            result, end = action(), None
        except Failure as failure:
            end = failure
        except (wasmtime.Trap, wasmtime.WasmtimeError) as stop:
            kind = STOPS.get(getattr(stop, "trap_code", None), "Trap")  # KC-34, KC-36, KC-39
            end = Failure("call", kind, reason=str(stop))
        if self.store.get_fuel() == 0 < self._budget.fuel:
            end = Failure("call", "OutOfFuel")  # KC-33
        elif time.monotonic() >= deadline:
            end = Failure("call", "Timeout")  # KC-34
        if end is None:
            return result
        if said := self.said():
            end.fields["cause"] = {"kind": said.kind, **said.fields}  # KC-45
        raise end

    def _charge(self, fuel: int) -> None:
        left = max(self.store.get_fuel() - fuel, 0)
        if fuel > 0:
            self.store.set_fuel(left)
            require("call", left > 0, "OutOfFuel")

    def _grow_kernel(self, pages: int) -> None:
        # Wasmtime shows the memories that the plugin exports, and no others.
        memories = (each for each in self._exports.values() if isinstance(each, wasmtime.Memory))
        plugin_growth = max(sum(each.size(self.store) for each in memories) - self._plugin.shape.pages, 0)
        kernel_growth = len(self.kernel.data) // PAGE - 1 + pages
        require("call", plugin_growth + kernel_growth <= self._budget.memory_pages, "OutOfMemory")  # KM-4
        self._limit_growth(kernel_growth)

    def _limit_growth(self, kernel_growth: int) -> None:
        # There is no limiter that traps: growth past the budget answers -1.
        pages = self._plugin.shape.pages + self._budget.memory_pages - kernel_growth
        self.store.set_limits(memory_size=pages * PAGE, table_elements=self._budget.table_entries)

    def _serve(self, name: str, provided: Provided, *values: int) -> int | None:
        """Runs a function that the plugin imports."""
        self._charge(provided.fuel)  # KF-5
        try:
            return provided.run(self.kernel, *(value % 2**64 for value in values))
        except ValueError as reason:
            raise Failure("call", provided.failure, function=name, reason=str(reason)) from reason  # KC-37, KC-38
        except Failure as failure:
            if failure.layer == "call":
                raise
            cause = {"kind": failure.kind, **failure.fields}
            raise Failure("call", provided.failure, function=name, cause=cause) from failure


class Plugin:
    """A plugin that has been built. It keeps its instance from call to call."""

    def __init__(self, wasm: bytes, setting: Setting) -> None:
        """Compiles and links the module, and instantiates it once as a trial.

        Raises a Failure of layer `build`.
        """
        self.setting, self.fuel_consumed, self.variables = setting, 0, dict[str, bytes]()
        self._instance: Instance | None = None
        budget = setting.budget
        with failing_as("build", "MalformedModule"):  # KC-6
            bodies = body_sizes(wasm)
        # The engine would compile a longer function for a long time. There are no other limits.
        require("build", max(bodies, default=0) <= BODY_MAX_BYTES, "LimitExceeded", limit="bodyBytes")  # KM-17
        require("build", sum(bodies) <= CODE_MAX_BYTES, "LimitExceeded", limit="codeBytes")
        with failing_as("build", "InvalidModule", wasmtime.WasmtimeError):  # KC-8
            self.module = wasmtime.Module(engine_of(budget.stack_slots), wasm)
        self.shape, self.provided = Shape(wasm), FUNCTIONS | setting.host_functions
        self._check_imports()
        most = budget.memory_pages if budget.initial_memory_pages is None else budget.initial_memory_pages
        require("build", self.shape.pages <= most and self.shape.entries <= budget.table_entries, "OutOfMemory")  # KC-9
        self._check_entries()
        if "_start" not in self.shape.exports:  # KC-1
            with failing_as("build", "InstantiationFailed", Failure):  # KC-13
                self._instance = self._instantiate(time.monotonic() + budget.wall_ms / 1000, is_trial=True)
            self.close()

    def has_function(self, name: str) -> bool:
        """Says whether an export *exists* in the sense of PROTOCOL.md: () -> i32 or () -> ()."""
        return self.shape.functions.get(name) in (([], []), ([], ["i32"]))

    def call(self, name: str, data: bytes) -> bytes:
        """Calls an export, and returns its output. Raises a Failure of layer `call`."""
        self.fuel_consumed, deadline = 0, time.monotonic() + self.setting.budget.wall_ms / 1000
        self._instance = instance = self._instance or self._instantiate(deadline)
        kernel = instance.kernel
        kernel.clear()  # KC-25
        kernel.input_set(kernel.write(data), len(data))  # KC-26
        require("call", name in self.shape.functions, "FunctionNotFound", function=name)  # KC-28
        params, results = self.shape.functions[name]
        require("call", not params, "HasParameters", function=name, params=len(params))  # KC-29
        require("call", len(results) < 2, "TooManyResults", function=name, results=len(results))  # KC-30
        instance.store.set_fuel(self.setting.budget.fuel)
        try:
            value = instance.run(name, (), deadline) if READABLE_TYPES.issuperset(results) else None
        finally:
            self.fuel_consumed = self.setting.budget.fuel - instance.store.get_fuel()
            if name == "_start":  # KC-51
                self.close()
        if said := instance.said():
            raise said
        code = (value if results == ["i32"] else -1) if results else 0  # KC-31
        require("call", code == 0, "NonZeroExit", code=code)  # KC-42
        start, length = kernel.output
        return bytes(kernel.data[start : start + length])  # KC-43

    def close(self) -> None:
        """Drops the instance and all variables. Another call makes a new instance."""
        self.variables.clear()
        if self._instance is not None:
            self._instance.store.close()
            self._instance = None

    def _check_imports(self) -> None:
        unknown = [_named(name, kind) for name, kind, _ in self.shape.imports if name not in self.provided]
        require("build", not unknown, "UnknownImports", imports=unknown)  # KI-1, KI-2
        for name, kind, signature in self.shape.imports:
            fields = {"import": _named(name, kind)}
            require("build", signature, "ImportNotFunction", **fields)  # KI-3
            require("build", signature == self.provided[name].signature, "ImportTypeMismatch", **fields)  # KI-4

    def _check_entries(self) -> None:
        entries = {name: kind for name, kind in self.shape.exports.items() if name in ("_start", "_initialize")}
        require("build", len(entries) < 2, "StartAndInitialize")  # KC-10
        for name, kind in entries.items():
            require("build", kind == "function", "ExportNotFunction", name=name, found=kind)  # KC-11
        require("build", self.shape.functions.get("_initialize", NOTHING) == NOTHING, "InitializeType")  # KC-12

    def _instantiate(self, deadline: float, is_trial: bool = False) -> Instance:
        instance = Instance(self)
        try:
            instance.start(deadline)
            for name, arguments in self._initialisers(is_trial):
                params, _ = self.shape.functions[name]
                require("call", params == ["i32"] * len(arguments), "Instantiate")  # KC-19
                instance.run(name, arguments, deadline)
        except Failure as cause:
            instance.store.close()
            if is_trial or cause.kind in BUDGET_FAILURES:
                raise
            raise Failure("call", "Instantiate") from cause  # KC-23
        return instance

    def _initialisers(self, is_trial: bool) -> list[tuple[str, tuple[int, ...]]]:
        """Returns the exports that initialise an instance, with their arguments."""
        functions = self.shape.functions
        chosen: list[tuple[str, tuple[int, ...]]] = [("_initialize", ())]
        if "hs_init" in functions and not is_trial:
            chosen.append(("hs_init", (0, 0)))  # KC-18
        elif "__wasm_call_ctors" in functions and not is_trial:
            chosen = [("__wasm_call_ctors", ())] if functions["__wasm_call_ctors"] == NOTHING else []  # KC-20, KC-21
        return [each for each in chosen if each[0] in functions]


def _named(name: tuple[str, str], kind: str) -> dict[str, str]:
    return {"module": name[0], "name": name[1], "kind": kind}
