//! The archives of hook plugins.

use rkyv::api::high::{HighDeserializer, HighSerializer, HighValidator};
use rkyv::bytecheck::CheckBytes;
use rkyv::rancor::Error;
use rkyv::ser::allocator::ArenaHandle;
use rkyv::util::AlignedVec;
use rkyv::{Archive, Deserialize, Serialize};

/// A message that can be written and read.
pub trait Message:
    Sized
    + Archive<Archived: for<'a> CheckBytes<HighValidator<'a, Error>> + Deserialize<Self, HighDeserializer<Error>>>
    + for<'a> Serialize<HighSerializer<AlignedVec, ArenaHandle<'a>, Error>>
{
}

impl<T> Message for T where
    T: Archive<Archived: for<'a> CheckBytes<HighValidator<'a, Error>> + Deserialize<T, HighDeserializer<Error>>>
        + for<'a> Serialize<HighSerializer<AlignedVec, ArenaHandle<'a>, Error>>
{
}

/// As cc-lb reads an answer: in place, or from an aligned copy.
pub fn read<T: Message>(bytes: &[u8]) -> Result<T, Error> {
    match rkyv::access::<T::Archived, Error>(bytes) {
        Ok(archived) => rkyv::deserialize::<T, Error>(archived),
        Err(_) => read_copy(bytes),
    }
}

/// From an aligned copy.
pub fn read_copy<T: Message>(bytes: &[u8]) -> Result<T, Error> {
    let mut aligned = AlignedVec::<16>::with_capacity(bytes.len());
    aligned.extend_from_slice(bytes);
    rkyv::from_bytes::<T, Error>(&aligned)
}
