//! Failures that the published host tells only by their texts.

use serde_json::{Map, Value};

use crate::end::failure;

/// A kind, and the whole text: `{name}` stands for the text of a field, `{#name}` for an integer. Fields without a name
/// are left out.
pub type Template = (&'static str, &'static str);

/// The failure with the first template that matches.
pub fn by_text(templates: &[Template], text: &str) -> Option<Value> {
    templates.iter().find_map(|(kind, template)| Some(failure(kind, fields(template, text)?)))
}

pub fn fields(template: &str, text: &str) -> Option<Map<String, Value>> {
    let Some((before, rest)) = template.split_once('{') else {
        return (template == text).then(Map::new);
    };
    let text = text.strip_prefix(before)?;
    let (name, rest) = rest.split_once('}')?;
    let literal = rest.split('{').next().unwrap_or_default();
    let end = if literal.is_empty() { text.len() } else { text.find(literal)? };
    let (found, after) = text.split_at(end);
    let mut fields = fields(rest, after)?;
    let (name, value) = match name.strip_prefix('#') {
        Some(name) => (name, Value::from(found.parse::<i64>().ok()?)),
        None => (name, Value::from(found)),
    };
    if !name.is_empty() {
        fields.insert(name.to_owned(), value);
    }
    Some(fields)
}
