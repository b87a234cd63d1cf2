//! Compiles again when a migration is added: `sqlx::migrate!` only notices changes of the ones it has read.

fn main() {
    println!("cargo:rerun-if-changed=../migrations");
}
