//! The paydirt command.

fn main() {}
