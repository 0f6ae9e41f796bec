use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use shared::with_wire_type;

use crate::Answer;

/// A text that is decoded as a type of the wire, straight and through a generic value.
#[derive(Deserialize)]
pub struct Case {
    name: String,
    text: String,
}

impl Case {
    pub fn answer(self) -> Answer {
        let answered = with_wire_type!(self.name.as_str(), answer(&self.text));
        answered.ok_or_else(|| format!("there is no type {}", self.name))?
    }
}

/// What is decoded straight, and through a generic value: `null` where the text is refused, else the value as it is
/// written in declared order, and sorted. The second of two equal texts is left out.
fn answer<T: Serialize + DeserializeOwned>(text: &str) -> Answer {
    let (straight, generic) = (written(serde_json::from_str::<T>(text))?, written(through_value::<T>(text))?);
    Ok(if straight == generic { json!([straight]) } else { json!([straight, generic]) })
}

fn through_value<T: DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    serde_json::from_value(serde_json::from_str(text)?)
}

fn written<T: Serialize>(decoded: serde_json::Result<T>) -> serde_json::Result<Value> {
    let Ok(value) = decoded else { return Ok(Value::Null) };
    let (declared, sorted) = (serde_json::to_string(&value)?, serde_json::to_value(&value)?.to_string());
    Ok(if declared == sorted { json!([declared]) } else { json!([declared, sorted]) })
}
