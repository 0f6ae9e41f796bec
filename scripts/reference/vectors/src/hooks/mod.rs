//! The published host of hook plugins.

pub mod admission;
pub mod archives;
pub mod dispatch;
mod failures;
mod json_form;
