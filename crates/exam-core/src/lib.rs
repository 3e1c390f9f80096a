//! The words of the trade, rules as checked types, the pure sitting and session machine.
