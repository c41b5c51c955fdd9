//! The paydirt command: arguments to a command to an exit status.

mod cli;

fn main() -> std::process::ExitCode {
    paydirt::read::worker::main_if_asked();
    paydirt::picture::main_if_asked();
    cli::main()
}
