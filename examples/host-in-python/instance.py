"""One instance of a plugin on Wasmtime, with its fuel, its deadline and its memory budget."""

import threading
import time
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

import wasmtime
from wasmtime import FuncType, TrapCode, ValType

from failure import Failure
from kernel import NAMESPACE, Kernel
from kernel_memory import PAGE, KernelMemory
from setting import Budget, HostFunction, Setting

MANY_TICKS = 1 << 62
STOPS = {
    TrapCode.OUT_OF_FUEL: "OutOfFuel",
    TrapCode.INTERRUPT: "Timeout",
    TrapCode.ALLOCATION_TOO_LARGE: "OutOfMemory",
    TrapCode.STACK_OVERFLOW: "StackOverflow",
}
VALUE_TYPES = {"i32": ValType.i32, "i64": ValType.i64}

Signature = tuple[list[str], list[str]]


def signature(kind: object) -> Signature | None:
    """Returns the parameters and results of a function type; None for any other type."""
    if not isinstance(kind, FuncType):
        return None
    return [str(each) for each in kind.params], [str(each) for each in kind.results]


@lru_cache(maxsize=8)
def engine_of(stack_slots: int) -> wasmtime.Engine:
    """Returns an engine. The stack is a property of the engine: there is one for each size."""
    config = wasmtime.Config()
    config.consume_fuel = True
    config.epoch_interruption = True
    config.max_wasm_stack = stack_slots * 8
    config.wasm_threads = False
    return wasmtime.Engine(config)


class Deadline:
    """Ends what runs on an engine when the time is over. Wasmtime asks at loops and entries."""

    def __init__(self, engine: wasmtime.Engine, wall_ms: int | None) -> None:
        self.ticks = MANY_TICKS if wall_ms is None else 1
        self._at = None if wall_ms is None else time.monotonic() + wall_ms / 1000
        self._timer = threading.Timer((wall_ms or 0) / 1000, engine.increment_epoch)

    def passed(self) -> bool:
        """Says whether the time is over."""
        return self._at is not None and time.monotonic() >= self._at

    def __enter__(self) -> "Deadline":
        if self._at is not None:
            self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()


class Instance:
    """An instance with a kernel of its own. `close` frees it."""

    def __init__(
        self, module: wasmtime.Module, setting: Setting, variables: dict[str, bytes], pages: int
    ) -> None:
        """`pages` is how many pages the memories of the module begin with. Runs nothing yet."""
        self._module, self._setting, self._budget = module, setting, setting.budget
        self._pages_at_first, self._kernel_growth = pages, 0
        self.store = wasmtime.Store(engine_of(setting.budget.stack_slots))
        self._limit_growth()
        self.kernel = Kernel(KernelMemory(self._grow_kernel), variables, setting, self._charge)

    def start(self, signatures: dict[tuple[str, str], Signature], deadline: Deadline) -> None:
        """Links the imports and instantiates the module, which runs its start function."""
        self.store.set_fuel(self._budget.fuel)
        functions = []
        for each in self._module.imports:
            params, results = signatures[each.module, each.name or ""]
            kind = FuncType([VALUE_TYPES[t]() for t in params], [VALUE_TYPES[t]() for t in results])
            functions.append(wasmtime.Func(self.store, kind, self._import(each)))
        self._instance = self._guard(
            lambda: wasmtime.Instance(self.store, self._module, functions), deadline
        )

    def run(self, name: str, arguments: tuple[int, ...], deadline: Deadline) -> Any:
        """Calls an export with the fuel that is left. Raises a Failure if it was ended."""
        function = self._instance.exports(self.store)[name]
        return self._guard(lambda: function(self.store, *arguments), deadline)

    def refuel(self) -> None:
        """Sets the fuel of a call."""
        self.store.set_fuel(self._budget.fuel)

    def fuel_consumed(self) -> int:
        """Returns what was burnt since the fuel was set."""
        return self._budget.fuel - self.store.get_fuel()

    def close(self) -> None:
        """Frees the instance."""
        self.store.close()

    def _guard(self, action: Callable[[], Any], deadline: Deadline) -> Any:
        """Runs code of the plugin. The first row of the outcomes that applies is the failure."""
        self.store.set_epoch_deadline(deadline.ticks)
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
        if deadline.passed():
            raise Failure("call", "Timeout")
        if end is not None:
            raise end
        return result

    def _charge(self, fuel: int) -> None:
        left = self.store.get_fuel() - fuel
        if fuel > 0:
            self.store.set_fuel(max(left, 0))
        if fuel > 0 >= left:
            raise Failure("call", "OutOfFuel")

    def _grow_kernel(self, pages: int) -> None:
        plugin_growth = max(self._plugin_pages() - self._pages_at_first, 0)
        if self._kernel_growth + plugin_growth + pages > self._budget.memory_pages:
            raise Failure("call", "OutOfMemory")
        self._kernel_growth += pages
        self._limit_growth()

    def _plugin_pages(self) -> int:
        """Returns the pages of the memories that the plugin exports: Wasmtime shows no others."""
        exports = self._instance.exports(self.store).values()
        return sum(e.size(self.store) for e in exports if isinstance(e, wasmtime.Memory))

    def _limit_growth(self) -> None:
        # A limiter that traps is not there: growth past the budget answers -1.
        pages = self._pages_at_first + self._budget.memory_pages - self._kernel_growth
        self.store.set_limits(memory_size=pages * PAGE, table_elements=self._budget.table_entries)

    def _import(self, each: wasmtime.ImportType) -> Callable[..., Any]:
        name = each.name or ""
        if each.module == NAMESPACE:
            return lambda *arguments: self.kernel.call(name, arguments)
        return partial(self._call_host, name, self._setting.host_functions[name])

    def _call_host(self, name: str, function: HostFunction, *handles: int) -> int | None:
        try:
            blocks = [self.kernel.block(handle % 2**64) for handle in handles]
            result = function.run(*map(_from_block, function.params, blocks))
            return self.kernel.new_block(_to_block(function.result, result)) if function.result else None
        except Failure as failure:
            if failure.layer == "call":
                raise
            cause = {"kind": failure.kind, **failure.fields}
            raise Failure("call", "HostFunction", function=name, cause=cause) from failure
        except ValueError as reason:
            raise Failure("call", "HostFunction", function=name, reason=str(reason)) from reason


def _from_block(kind: str, block: bytes) -> str | bytes | int:
    if kind in ("u64le", "i64le") and len(block) != 8:
        raise ValueError("the block of an integer does not have 8 bytes")
    if kind == "text":
        return block.decode()
    return block if kind == "bytes" else int.from_bytes(block, "little", signed=kind == "i64le")


def _to_block(kind: str, value: Any) -> bytes:
    return value if kind == "bytes" else value.to_bytes(8, "little", signed=kind == "i64le")
