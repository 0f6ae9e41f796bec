//! Errors as they are compared: as `Debug` prints them, without texts that are for people only.

use std::fmt::Debug;

/// The variant, with its fields; without them if one of them is a text that explains.
pub fn variant(error: &impl Debug) -> String {
    let text = format!("{error:?}");
    if text.contains("reason:") { name(&text) } else { text }
}

/// The variant of an error, and of the error in it.
pub fn nested(outer: &str, inner: &impl Debug) -> String {
    format!("{outer}({})", variant(inner))
}

/// The variant only.
pub fn name(debug: &str) -> String {
    debug.chars().take_while(|c| c.is_alphanumeric()).collect()
}
