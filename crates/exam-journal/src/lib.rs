//! Bytes in, bytes out: frames, chain, replay, repair, audit.
