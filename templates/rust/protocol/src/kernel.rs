//! Reads the input of a call and writes its output. You need not change this file.
//!
//! The functions are those of the Extism kernel, which every host provides. Text is copied eight
//! bytes at a time: a call of the kernel costs fuel, so single bytes would cost eight times as much.

/// Serves one call: `handle` makes the output of the input, or says why it cannot. Returns the code
/// of the call, 0 if it was answered.
#[cfg(target_arch = "wasm32")]
pub fn call(handle: impl FnOnce(&str) -> Result<String, String>) -> i32 {
    // A panic ends the call with a trap. Its text, with file and line, is for the author.
    std::panic::set_hook(Box::new(|panic| {
        host::error_set(host::store(panic.to_string().replace('\n', " ").as_bytes()));
    }));
    let input = String::from_utf8(host::input());
    match input
        .map_err(|error| error.to_string())
        .and_then(|text| handle(&text))
    {
        Ok(output) => {
            host::output_set(host::store(output.as_bytes()), output.len() as u64);
            0
        }
        Err(error) => {
            host::error_set(host::store(error.as_bytes()));
            1
        }
    }
}

/// Tests on this machine have no kernel: they call the handlers.
#[cfg(not(target_arch = "wasm32"))]
pub fn call(_handle: impl FnOnce(&str) -> Result<String, String>) -> i32 {
    unreachable!("only a host calls the exports of a plugin")
}

#[cfg(target_arch = "wasm32")]
pub mod host {
    #[link(wasm_import_module = "extism:host/env")]
    unsafe extern "C" {
        safe fn input_length() -> u64;
        safe fn input_load_u8(index: u64) -> u8;
        safe fn input_load_u64(index: u64) -> u64;
        safe fn alloc(length: u64) -> u64;
        safe fn store_u8(offset: u64, byte: u8);
        safe fn store_u64(offset: u64, word: u64);
        pub safe fn output_set(offset: u64, length: u64);
        pub safe fn error_set(offset: u64);
    }

    const WORD: usize = size_of::<u64>();

    /// The input of the call.
    pub fn input() -> Vec<u8> {
        let length = input_length() as usize;
        let words = length - length % WORD;
        let mut bytes = Vec::with_capacity(length);
        for index in (0..words).step_by(WORD) {
            bytes.extend_from_slice(&input_load_u64(index as u64).to_le_bytes());
        }
        bytes.extend((words..length).map(|index| input_load_u8(index as u64)));
        bytes
    }

    /// Copies bytes into a new block of the kernel's memory, and returns where it begins.
    pub fn store(bytes: &[u8]) -> u64 {
        let block = alloc(bytes.len() as u64);
        let (words, rest) = bytes.as_chunks::<WORD>();
        for (index, word) in words.iter().enumerate() {
            store_u64(block + (index * WORD) as u64, u64::from_le_bytes(*word));
        }
        let end = block + (bytes.len() - rest.len()) as u64;
        for (index, &byte) in rest.iter().enumerate() {
            store_u8(end + index as u64, byte);
        }
        block
    }
}
