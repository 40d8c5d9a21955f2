//! A new migration is a reason to build the executable that carries it.

fn main() {
    println!("cargo::rerun-if-changed=../migrations");
}
