use serde::Deserialize;

/// What a plugin may use, as vectors say it.
#[derive(Clone, Default, Deserialize)]
pub struct Budget {
    pub fuel: Option<u64>,
    pub wall_ms: Option<u64>,
    pub memory_pages: Option<u32>,
    initial_memory_pages: Option<u32>,
    table_entries: Option<u32>,
    stack_slots: Option<u32>,
}

impl Budget {
    /// What of the budget the host has no option for, besides what it can set.
    fn lacks(&self, can_set: &[&str]) -> Option<String> {
        let given = [
            ("fuel", self.fuel.is_some()),
            ("wall_ms", self.wall_ms.is_some()),
            ("memory_pages", self.memory_pages.is_some()),
            ("initial_memory_pages", self.initial_memory_pages.is_some_and(|pages| Some(pages) != self.memory_pages)),
            ("table_entries", self.table_entries.is_some()),
            ("stack_slots", self.stack_slots.is_some()),
        ];
        let (name, _) = given.into_iter().find(|(name, is_given)| *is_given && !can_set.contains(name))?;
        Some(format!("no option for the budget {name}"))
    }

    /// Of handshake and self-check, whose budgets are constants.
    pub fn lacks_in_layers(&self) -> Option<String> {
        self.lacks(&[])
    }

    /// Of a plugin of Extism. Its only bound on memory is one for the initial pages and one for growth.
    pub fn lacks_in_calls(&self) -> Option<String> {
        self.lacks(&["fuel", "wall_ms", "memory_pages"])
    }

    pub fn lacks_in_hooks(&self) -> Option<String> {
        self.lacks(&["memory_pages"])
    }
}
