"""What handshake and self-check have in common: one call of one export, in an instance of its own."""

from failure import Failure
from plugin import Plugin
from setting import Budget, Setting

LAYER_BUDGET = Budget(
    fuel=10_000_000, wall_ms=200, memory_pages=1024, initial_memory_pages=1024, table_entries=1_000_000
)


def build_for(layer: str, wasm: bytes, budget: Budget) -> Plugin:
    """Builds a plugin without host functions. Raises `Instantiate`."""
    try:
        return Plugin(wasm, Setting(budget, log_level="off"))
    except Failure as cause:
        raise Failure(layer, "Instantiate", cause=cause.kind) from cause


def require_export(layer: str, plugin: Plugin, name: str, kind: str) -> None:
    """Raises a failure of this kind if the export does not exist."""
    if not plugin.has_function(name):
        raise Failure(layer, kind, export=name)


def check_output(layer: str, output: bytes, limit: int) -> None:
    """Checks that an output is UTF-8, and then its size."""
    try:
        output.decode("utf-8")
    except UnicodeDecodeError as reason:
        raise Failure(layer, "Call") from reason
    if len(output) > limit:
        raise Failure(layer, "OutputTooLarge", bytes=len(output), max=limit)
