//! The host's log. The kernel has `log_trace`, `log_debug`, `log_warn` and `log_error` too.

/// Writes a line at the level info.
#[cfg(target_arch = "wasm32")]
pub fn info(line: &str) {
    #[link(wasm_import_module = "extism:host/env")]
    unsafe extern "C" {
        safe fn log_info(text: u64);
    }
    log_info(crate::kernel::host::store(line.as_bytes()));
}

/// Tests on this machine have no kernel: they print the line.
#[cfg(not(target_arch = "wasm32"))]
pub fn info(line: &str) {
    println!("{line}");
}
