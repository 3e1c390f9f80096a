//! Sitting events to stored records and back.
