//! The migrations are part of the binary: a new one has to compile this room anew.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
