//! Items, keys, checks, exam files, canonical form, signatures, blueprint, assembly.
