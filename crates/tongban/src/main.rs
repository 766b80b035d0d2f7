//! Command line of the program. Everything it does lives in the library beside it.

use std::process::ExitCode;

use tongban::cli::{arguments, run};

fn main() -> ExitCode {
    let cli = match arguments() {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    // FEEL expressions get a stack of their own where less than 4 MiB is left; with this much none is ever made.
    let runtime = match tokio::runtime::Builder::new_multi_thread().thread_stack_size(8 << 20).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("the runtime does not start: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(cli)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("tongban: {error}");
            ExitCode::FAILURE
        }
    }
}
