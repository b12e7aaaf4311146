//! A worker of the encoder benchmark: one engine behind a line protocol.
//!
//! `worker ENGINE FILE` with ENGINE `pretil` (the fastest kernel here), `pretil-KERNEL` or (feature `rten`)
//! `rten`. Prints `ready MILLISECONDS`, the time to load and encode a first token. Then for each line
//! `REPEATS ID ID …` on standard input encodes the ids that many times and prints the seconds each took.

use std::{
    error::Error,
    io::{BufRead, Write},
    time::Instant,
};

use pretil_encoder::{Encoder, Kernel, Scratch};

type Encode = Box<dyn FnMut(&[u32]) -> f32>;

fn pretil(path: &str, kernel: Kernel) -> Result<Encode, Box<dyn Error>> {
    let encoder = Encoder::load_owned(std::fs::read(path)?)?.with_kernel(kernel)?;
    let mut scratch = Scratch::new();
    Ok(Box::new(move |ids| encoder.hidden(ids, &mut scratch).map_or(f32::NAN, |hidden| hidden[0])))
}

#[cfg(feature = "rten")]
fn rten(path: &str, threads: usize) -> Result<Encode, Box<dyn Error>> {
    use rten::{Model, RunOptions, ThreadPool};
    use rten_tensor::NdTensor;
    let model = Model::load_file(path)?;
    let inputs: Vec<_> = ["input_ids", "attention_mask", "token_type_ids"]
        .into_iter()
        .filter_map(|name| model.find_node(name).map(|id| (name, id)))
        .collect();
    let output = model.output_ids()[0];
    let pool = std::sync::Arc::new(ThreadPool::with_num_threads(threads));
    Ok(Box::new(move |ids| {
        let tensor = |value: &dyn Fn(u32) -> i32| {
            NdTensor::from_data([1, ids.len()], ids.iter().map(|&id| value(id)).collect::<Vec<_>>())
        };
        let values = inputs
            .iter()
            .map(|&(name, id)| {
                let tensor = match name {
                    "input_ids" => tensor(&|id| id as i32),
                    "attention_mask" => tensor(&|_| 1),
                    _ => tensor(&|_| 0),
                };
                (id, tensor.into())
            })
            .collect();
        let options = RunOptions::default().with_thread_pool(Some(pool.clone()));
        let result = model.run(values, &[output], Some(options));
        result.map_or(f32::NAN, |outputs| outputs.len() as f32)
    }))
}

fn kernel(name: &str) -> Option<Kernel> {
    Kernel::ALL.into_iter().find(|kernel| kernel.name() == name)
}

fn engine(name: &str, path: &str) -> Result<Encode, Box<dyn Error>> {
    match name {
        "pretil" => pretil(path, Kernel::detect()),
        #[cfg(feature = "rten")]
        "rten" => rten(path, std::env::args().nth(3).map_or(Ok(1), |threads| threads.parse())?),
        _ => {
            let kernel = name.strip_prefix("pretil-").and_then(kernel);
            pretil(path, kernel.ok_or_else(|| format!("no engine {name}"))?)
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(name), Some(path)) = (arguments.next(), arguments.next()) else {
        return Err("usage: worker ENGINE FILE".into());
    };
    let start = Instant::now();
    let mut encode = engine(&name, &path)?;
    encode(&[101, 102]);
    let mut out = std::io::stdout();
    writeln!(out, "ready {:.3}", start.elapsed().as_secs_f64() * 1e3)?;
    for line in std::io::stdin().lock().lines() {
        let numbers = line?.split_whitespace().map(str::parse).collect::<Result<Vec<u32>, _>>()?;
        let (repeats, ids) = numbers.split_first().ok_or("an empty line")?;
        let mut times = Vec::new();
        for _ in 0..*repeats {
            let start = Instant::now();
            std::hint::black_box(encode(std::hint::black_box(ids)));
            times.push(format!("{:.7}", start.elapsed().as_secs_f64()));
        }
        writeln!(out, "{}", times.join(" "))?;
        out.flush()?;
    }
    Ok(())
}
