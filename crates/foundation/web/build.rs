//! The built front end is embedded from `web/dist`; the folder must be there even before the first `make web`.

fn main() {
    let dist = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../web/dist");
    // A failure shows as a clear compile error of the embedding macro.
    let _ = std::fs::create_dir_all(dist);
    println!("cargo:rerun-if-changed=build.rs");
}
