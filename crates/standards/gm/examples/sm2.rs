//! SM2 signatures made and verified per second on one core: `cargo run --release -p gm --example sm2`.
//! Compare with `openssl speed sm2`, where it has the algorithm.

use std::time::{Duration, Instant};

fn main() -> gm::Result<()> {
    let key = gm::PrivateKey::generate()?;
    let (public, message) = (key.public_key(), [7; 256]);
    let signature = key.sign(&message)?;
    println!("sign   {:8.0}/s", per_second(|| key.sign(&message).map(drop))?);
    println!("verify {:8.0}/s", per_second(|| public.verify(&message, &signature))?);
    Ok(())
}

fn per_second(mut work: impl FnMut() -> gm::Result<()>) -> gm::Result<f64> {
    let (begun, mut count) = (Instant::now(), 0_u32);
    while begun.elapsed() < Duration::from_secs(2) {
        work()?;
        count += 1;
    }
    Ok(f64::from(count) / begun.elapsed().as_secs_f64())
}
