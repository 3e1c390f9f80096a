//! Wire types, conversions to exam-core, sealing of the encoded paper.
