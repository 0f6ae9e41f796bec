//! What several programs of the workspace need.

pub use {cc_lb_plugin_api, cc_lb_plugin_wire};

pub mod archives;
pub mod bytes;
pub mod telemetry;
mod types;
