//! Terminal guard, event loop, Chinese line breaking, shared widgets.
