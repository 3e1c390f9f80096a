//! Compiles the wire protos with protox: no protoc is needed.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = "../../proto";
    let files = [
        "examhall/delivery/v1/types.proto",
        "examhall/delivery/v1/delivery.proto",
        "examhall/administration/v1/administration.proto",
        "examhall/enrolment/v1/enrolment.proto",
    ];
    println!("cargo:rerun-if-changed={root}");
    let descriptors = protox::compile(files, [root])?;
    let out = std::path::PathBuf::from(std::env::var("OUT_DIR")?);
    std::fs::write(
        out.join("descriptors.bin"),
        prost::Message::encode_to_vec(&descriptors),
    )?;
    tonic_prost_build::configure()
        .bytes(".")
        .build_client(std::env::var("CARGO_FEATURE_CLIENT").is_ok())
        .build_server(std::env::var("CARGO_FEATURE_SERVER").is_ok())
        .compile_fds(descriptors)?;
    Ok(())
}
