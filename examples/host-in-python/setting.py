"""What a host gives to a plugin beside its bytes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

HOST_NAMESPACE = "extism:host/user"


@dataclass(frozen=True)
class Budget:
    """What a call may use: KERNEL.md, "Budgets". Without `wall_ms`, time is unlimited."""

    fuel: int = 1_000_000_000
    wall_ms: int | None = None
    memory_pages: int = 32
    initial_memory_pages: int = 32
    table_entries: int = 100_000
    stack_slots: int = 65_536


@dataclass(frozen=True)
class HostFunction:
    """A function of the namespace `extism:host/user`. Each parameter and the result is a handle.
    The kinds `text`, `bytes`, `u64le` and `i64le` say what its block has.
    """

    params: tuple[str, ...]
    result: str | None
    run: Callable[..., Any]


@dataclass
class Setting:
    """Budgets, functions, and what the kernel needs."""

    budget: Budget = Budget()
    host_functions: dict[str, HostFunction] = field(default_factory=dict)
    config: dict[str, str] = field(default_factory=dict)
    max_var_bytes: int = 1 << 20
    log_level: str = "info"
    log: Callable[[str, str], None] = lambda level, message: None
