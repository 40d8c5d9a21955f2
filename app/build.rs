fn main() -> Result<(), String> {
    println!("cargo::rerun-if-changed=texts");
    texts::generate("base::Lang")
}
