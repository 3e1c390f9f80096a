//! The kiosk as a candidate meets it: keys, screens, pictures, and laws about all of them.

mod answering;
mod fixture;
mod laws;
mod looping;
mod path;
mod pictures;
mod screens;
mod states;
